/** A line of a bill for letters posted, as a vendor's file has it; cells that matter are given. */
export const invoiceRow = (over: Record<string, string> = {}, line = 2) => ({
  line,
  cells: {
    vendor: '日本郵便',
    invoice_no: 'JP-1',
    registration_no: 'T1010001112577',
    invoice_date: '2026/11/30',
    service_date: '2026/11/21',
    category: 'NOTIFY_PRINT_MAIL',
    description: '郵便料金',
    rate: 'post-ordinary-barcode',
    quantity: '100',
    unit_price: '106.7',
    net_yen: '9,700',
    tax_percent: '10',
    tax_yen: '970',
    gross_yen: '10,670',
    ...over,
  },
});
