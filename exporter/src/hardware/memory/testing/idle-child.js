// Says that it runs, and stays until it is ended.
process.send("here");
setInterval(() => {}, 1000);
