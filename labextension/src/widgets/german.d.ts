/** The German catalogue; `packaging/widgets.mjs` says where it lies. */
declare module '@mlcd/german' {
  const catalogue: unknown;
  export default catalogue;
}
