/** The address of a file that the build puts beside the bundle. */
declare module "*.woff2" {
  const address: string;
  export default address;
}
