/** Stands in for react-inlinesvg, which fetches icons: jsdom has no server to ask. */
export default function InlineSvg({ src }: { src: string }) {
  return <svg data-icon={src.split("/").at(-1)} aria-hidden />;
}
