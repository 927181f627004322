/**
 * Evenly spread numbers in [0, 1), the same for the same seed: Marsaglia's xorshift with 32 bits
 * (2003, "Xorshift RNGs", Journal of Statistical Software 8:14).
 */
export function uniformNoise(seed: number): () => number {
  let state = Math.imul(seed + 1, 2_654_435_761) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  // The first few numbers of neighbouring seeds resemble each other.
  for (let i = 0; i < 8; i++) next();
  return next;
}

/** Normal numbers with mean 0 and deviation 1, the same for the same seed (Box and Muller 1958). */
export function normalNoise(seed: number): () => number {
  const uniform = uniformNoise(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
