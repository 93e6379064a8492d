declare module "munkres-js" {
  /** Pairs of row and column; a matrix that is not square is padded inside. */
  function munkres(matrix: number[][]): [number, number][];
  export = munkres;
}
