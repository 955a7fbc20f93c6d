-- By its reference first: a row of a file is looked for by it, and no other index answers that question. With the
-- collector first, a planner that knows nothing of the rows a file has just brought takes an index of the collector's
-- payments by day, and reads them all for each row.
drop index payment_reference;
create unique index payment_reference on payments (reference, collector_id) where channel = 'collector';
