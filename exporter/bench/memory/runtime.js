// A bare process: Node, and nothing of the exporter. It tells its resident memory in bytes. Plain
// JavaScript, so that no loader for TypeScript is measured with it.
process.send(process.memoryUsage.rss(), () => process.disconnect());
