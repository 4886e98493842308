/** Where rows stand in the window of the table; in px. */
export interface RowMetrics {
  readonly rowHeight: number;
  /** Of the sticky head, which covers the top of the window. */
  readonly headHeight: number;
  /** Below the last row: what floats over the end of the table covers no row that is scrolled to. */
  readonly endSpace: number;
}

export const TABLE_METRICS: RowMetrics = { rowHeight: 38, headHeight: 32, endSpace: 56 };
/** Under 640 px rows are two-line cards without a head. */
export const CARD_METRICS: RowMetrics = { rowHeight: 68, headHeight: 0, endSpace: 120 };
