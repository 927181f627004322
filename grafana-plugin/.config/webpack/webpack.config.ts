/*
 * The build of @grafana/create-plugin 7.1.7 (Apache-2.0), for one module. Left out: live reload, and
 * ESLint and the type check during the build, which `npm test` does; styles and fonts, which the
 * panel takes from Grafana.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import CopyWebpackPlugin from "copy-webpack-plugin";
import ReplaceInFileWebpackPlugin from "replace-in-file-webpack-plugin";
import TerserPlugin from "terser-webpack-plugin";
import webpack, { type Configuration } from "webpack";
import { SubresourceIntegrityPlugin } from "webpack-subresource-integrity";
import VirtualModulesPlugin from "webpack-virtual-modules";

const root = path.resolve(import.meta.dirname, "..", "..");
const source = path.join(root, "src");
const dist = path.join(root, "dist");
const json = (file: string) => JSON.parse(readFileSync(path.join(root, file), "utf8"));
const { id } = json("src/plugin.json") as { id: string };
const { version } = json("package.json") as { version: string };
const scaffold = (json(".config/.cprc.json") as { version: string }).version;

/** What Grafana shares with its plugins at run time, so that the bundle must not hold it. */
const externals: Configuration["externals"] = [
  // Required to find the bundle's own address.
  { "amd-module": "module" },
  "@emotion/css",
  "@emotion/react",
  "lodash",
  "moment",
  "react",
  "react/jsx-runtime",
  "react-dom",
  "rxjs",
  /^@grafana\/data/i,
  /^@grafana\/runtime/i,
  /^@grafana\/ui/i,
];

/** Files that are beside the bundle as they are; plugin.json says how it was built, too. */
const copied = (buildMode: string) => [
  {
    from: "plugin.json",
    to: ".",
    transform: (text: Buffer) =>
      JSON.stringify({ ...JSON.parse(text.toString()), buildMode }, null, 4),
  },
  { from: "README.md", to: ".", force: true },
  { from: "../../LICENSE", to: "." },
  { from: "../../CHANGELOG.md", to: ".", force: true },
  { from: "img", to: "img" },
];

/** Makes webpack load further files from where Grafana loaded module.js. */
const publicPath = new VirtualModulesPlugin({
  [path.join(root, "node_modules", "grafana-public-path.js")]: `
import amdMetaModule from 'amd-module';

__webpack_public_path__ =
  amdMetaModule && amdMetaModule.uri
    ? amdMetaModule.uri.slice(0, amdMetaModule.uri.lastIndexOf('/') + 1)
    : 'public/plugins/${id}/';
`,
});

export default (env: { production?: boolean }): Configuration => ({
  cache: false,
  context: source,
  devtool: env.production ? "source-map" : "eval-source-map",
  entry: { module: path.join(source, "module.ts") },
  externals,
  mode: env.production ? "production" : "development",
  module: {
    rules: [
      {
        test: /src\/(?:.*\/)?module\.tsx?$/,
        use: [
          { loader: "imports-loader", options: { imports: "side-effects grafana-public-path" } },
        ],
      },
      {
        exclude: /node_modules/,
        test: /\.[tj]sx?$/,
        use: {
          loader: "swc-loader",
          options: {
            jsc: {
              target: "es2022",
              parser: { syntax: "typescript", tsx: true },
              transform: { react: { runtime: "automatic" } },
            },
          },
        },
      },
    ],
  },
  optimization: {
    minimize: Boolean(env.production),
    minimizer: [
      new TerserPlugin({
        terserOptions: {
          format: {
            comments: (_: unknown, { type, value }: { type: string; value: string }) =>
              type === "comment2" && value.trim().startsWith("[create-plugin]"),
          },
          compress: { drop_console: ["log", "info"] },
        },
      }),
    ],
  },
  output: {
    clean: true,
    filename: "[name].js",
    chunkFilename: env.production ? "[name].js?_cache=[contenthash]" : "[name].js",
    library: { type: "amd" },
    path: dist,
    publicPath: `public/plugins/${id}/`,
    uniqueName: id,
    crossOriginLoading: "anonymous",
    // Written although nothing changed, so that its age tells whether it is up to date.
    compareBeforeEmit: false,
  },
  plugins: [
    publicPath,
    new webpack.BannerPlugin({
      banner: `/* [create-plugin] version: ${scaffold} */\n/* [create-plugin] plugin: ${id}@${version} */`,
      raw: true,
      entryOnly: true,
    }),
    new CopyWebpackPlugin({ patterns: copied(env.production ? "production" : "development") }),
    new ReplaceInFileWebpackPlugin([
      {
        dir: dist,
        test: [/(^|\/)plugin\.json$/, /(^|\/)README\.md$/],
        rules: [
          { search: /%VERSION%/g, replace: version },
          { search: /%TODAY%/g, replace: new Date().toISOString().slice(0, 10) },
          { search: /%PLUGIN_ID%/g, replace: id },
        ],
      },
    ]),
    new SubresourceIntegrityPlugin({ hashFuncNames: ["sha256"] }),
  ],
  resolve: {
    extensions: [".js", ".jsx", ".ts", ".tsx"],
    modules: ["node_modules", path.join(root, "..", "node_modules")],
  },
});
