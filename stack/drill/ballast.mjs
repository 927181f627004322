// Takes memory and keeps it until it is ended: node ballast.mjs <bytes> [<bytes a second>]
// In JavaScript, so that the program itself takes as little as a Node can.
const [most, perSecond = Infinity] = process.argv.slice(2).map(Number);
const TICKS_A_SECOND = 4;
const PIECE_BYTES = 16e6;
const kept = [];

/** Written to, or the system would only promise it. */
function take(bytes) {
  for (let left = bytes; left > 0; left -= PIECE_BYTES) {
    kept.push(Buffer.alloc(Math.min(left, PIECE_BYTES), 1));
  }
}

let taken = 0;
function tick() {
  const bytes = Math.round(Math.min(most - taken, perSecond / TICKS_A_SECOND));
  take(bytes);
  taken += bytes;
}

tick();
setInterval(tick, 1000 / TICKS_A_SECOND);
