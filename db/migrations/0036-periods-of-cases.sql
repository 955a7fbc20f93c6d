-- Late payments of a period are looked for by account, month and payer among the periods of cases.
create index fine_case_bills_by_period on fine_case_bills (account_id, fee_month, discharger_id);
