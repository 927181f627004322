export const copyFilePatterns = [
  { from: "README.md", to: ".", force: true },
  { from: "plugin.json", to: "." },
  { from: "../../LICENSE", to: "." },
  { from: "../../CHANGELOG.md", to: ".", force: true },
  { from: "img", to: "img" },
];
