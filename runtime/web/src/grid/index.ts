export { type Column, useColumns, valueOf } from './columns';
export { Grid, type GridProps } from './Grid';
export { useGridLayout } from './layout';
