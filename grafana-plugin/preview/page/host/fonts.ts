import regular from "@fontsource/inter/files/inter-latin-400-normal.woff2";
import medium from "@fontsource/inter/files/inter-latin-500-normal.woff2";

/**
 * Loads the font that Grafana serves itself and that is in none of its packages. It is here before
 * anything is drawn: charts measure their labels once, and pictures are the same on every machine.
 */
export async function loadFonts(): Promise<void> {
  await Promise.all([add(regular, "400"), add(medium, "500 900")]);
}

async function add(file: string, weight: string): Promise<void> {
  const face = new FontFace("Inter", `url("${file}")`, { weight });
  document.fonts.add(await face.load());
}
