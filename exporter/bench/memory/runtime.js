// A bare process: Node and the library, and nothing of the exporter. It tells its resident memory in
// bytes. Plain JavaScript, so that no loader for TypeScript is measured with it.
import "node-llama-cpp";

process.send(process.memoryUsage.rss(), () => process.disconnect());
