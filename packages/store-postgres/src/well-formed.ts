/** Category Cc, as PostgreSQL's regular expressions write it. */
const CONTROL = "'[\\u0001-\\u001F\\u007F-\\u009F]'";

/**
 * What the contract's table asks of a row of `public.orders`. A row need be looked at only where one of the table's rules
 * was taken away at some time, or where an adopted table had rows that break one.
 */
export const WELL_FORMED = `((SELECT live_orders.rows_are_checked()) OR (id >= 1
  AND char_length(customer_name) BETWEEN 1 AND 200 AND customer_name COLLATE "C" !~ ${CONTROL}
  AND char_length(product_name) BETWEEN 1 AND 200 AND product_name COLLATE "C" !~ ${CONTROL}
  AND updated_at >= '0001-01-01T00:00:00Z' AND updated_at < '10000-01-01T00:00:00Z'))`;
