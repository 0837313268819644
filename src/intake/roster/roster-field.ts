/** The fields of a roster and the headers, Japanese and English, under which files bring them. */

/** Words are compared after NFKC, without spaces and punctuation, in lower case; the first column that fits a field gets it. */
export const rosterFields = {
  customerKey: [
    '会員番号',
    '顧客番号',
    '会員id',
    '顧客id',
    '顧客コード',
    '会員コード',
    'お客様番号',
    '社員番号',
    'お客様id',
    '管理番号',
    'customerid',
    'customerno',
    'customernumber',
    'customerkey',
    'memberid',
    'membernumber',
    'memberno',
    'userid',
    'accountnumber',
    'id',
  ],
  name: [
    '氏名',
    'お名前',
    '名前',
    '顧客名',
    '会員名',
    '氏名漢字',
    '漢字氏名',
    'お客様名',
    '宛名',
    '名称',
    '担当者名',
    '担当者',
    '届け先名',
    'お届け先名',
    'お届け先氏名',
    '契約者名',
    'name',
    'fullname',
    'customername',
    'recipient',
    'recipientname',
  ],
  lastName: ['姓', '氏', '名字', '苗字', '姓漢字', 'lastname', 'surname', 'familyname'],
  firstName: ['名', '名漢字', 'firstname', 'givenname'],
  nameKana: [
    'フリガナ',
    'ふりがな',
    'カナ',
    'かな',
    '氏名カナ',
    'カナ氏名',
    '氏名フリガナ',
    '氏名かな',
    'お名前カナ',
    'お名前フリガナ',
    '名前カナ',
    'カナ名',
    'ヨミガナ',
    'よみがな',
    '読み',
    'kana',
    'namekana',
    'furigana',
    'reading',
  ],
  lastNameKana: ['セイ', 'せい', '姓カナ', '姓フリガナ', '姓かな', 'lastnamekana', 'familynamekana'],
  firstNameKana: ['メイ', 'めい', '名カナ', '名フリガナ', '名かな', 'firstnamekana', 'givennamekana'],
  honorific: ['敬称', 'honorific'],
  organisation: [
    '会社名',
    '法人名',
    '企業名',
    '勤務先',
    '団体名',
    '組織名',
    'company',
    'organisation',
    'organization',
    'companyname',
  ],
  department: ['部署', '部署名', '所属', 'department'],
  guardianName: [
    '保護者',
    '保護者名',
    '保護者氏名',
    '親権者',
    '親権者名',
    '代理人',
    '代理人名',
    '法定代理人',
    'guardian',
    'guardianname',
    'parent',
  ],
  birthDate: ['生年月日', '誕生日', 'birthdate', 'dateofbirth', 'dob', 'birthday'],
  postcode: ['郵便番号', '〒', '郵便', '〒番号', '郵便no', 'postcode', 'postalcode', 'zip', 'zipcode'],
  prefecture: ['都道府県', '県', '都道府県名', '住所都道府県', 'prefecture', 'state'],
  city: ['市区町村', '市町村', '市区郡', '市区町村名', '住所市区町村', 'city'],
  street: ['番地', '町域', '町名番地', '町域番地', '丁目番地', '以降の住所', '町名', 'street', 'streetaddress'],
  building: ['建物名', '建物', 'ビル名', 'マンション名', '建物名部屋番号', '部屋番号', '方書', 'building'],
  address1: [
    '住所1',
    '住所',
    '自宅住所',
    '現住所',
    'ご住所',
    '住所一',
    '届け先住所',
    'お届け先住所',
    'address1',
    'address',
    'addressline1',
  ],
  address2: ['住所2', '住所二', 'address2', 'addressline2'],
  address3: ['住所3', '住所三', 'address3', 'addressline3'],
  country: ['国', '居住国', '国名', '国コード', 'country'],
  email: [
    'メールアドレス',
    'メール',
    'eメール',
    'eメールアドレス',
    '電子メール',
    'email',
    'emailaddress',
    'mail',
    'mailaddress',
    'pcメール',
    'メールアドレス1',
    'アドレス',
  ],
  phone: [
    '電話番号',
    '電話',
    'tel',
    'phone',
    'phonenumber',
    'telephone',
    '自宅電話',
    '自宅電話番号',
    '連絡先',
    '連絡先電話番号',
    '電話番号1',
  ],
  mobile: ['携帯', '携帯電話', '携帯番号', '携帯電話番号', 'mobile', 'cell', 'mobilephone'],
  kind: ['区分', '種別', '顧客区分', '会員区分', '対象区分', '属性', 'kind', 'type', 'category'],
  items: ['漏えい項目', '漏洩項目', '漏えい等項目', '流出項目', '対象項目', '項目', 'leakeditems', 'items', 'leaked'],
  handling: ['対応区分', '取扱', '取扱注意', '通知停止理由', '状態', '注意', 'handling', 'status'],
  protectedAddress: [
    '保護',
    '住所非開示',
    '支援措置',
    'dv',
    'dv保護',
    '住所保護',
    '保護対象',
    'protected',
    'protectedaddress',
  ],
  deceased: ['死亡', '死亡区分', '逝去', '物故', '死亡フラグ', 'deceased'],
  litigation: ['訴訟', '係争', '訴訟中', 'litigation'],
  rowId: ['owabi_row', 'owabirow'],
} as const satisfies Record<string, readonly string[]>;

export type RosterField = keyof typeof rosterFields;

export const rosterFieldNames = Object.keys(rosterFields) as RosterField[];

/** Columns that a report file adds; the row's id lets a corrected row settle the rejected one. */
export const reportColumns = { rowId: 'owabi_row', reason: 'owabi_reason', line: 'owabi_line' } as const;

/** A header as it is compared: width, case, spaces and punctuation do not count; （必須） and the like are dropped. */
export function headerForm(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/\((必須|任意|全角|半角|漢字|required|optional)\)/g, '')
    .toLowerCase()
    .replace(/[\s()[\]{}「」・:：*_\-./※]/g, '');
}

/** Field → column index. Each column serves one field at most; of two columns for one field the first counts. */
export function guessColumns(headers: readonly string[]): Partial<Record<RosterField, number>> {
  const columns: Partial<Record<RosterField, number>> = {};
  const fieldOf = new Map<string, RosterField>();
  for (const field of rosterFieldNames) for (const word of rosterFields[field]) fieldOf.set(headerForm(word), field);
  headers.forEach((header, index) => {
    const field = fieldOf.get(headerForm(header));
    if (field !== undefined && columns[field] === undefined) columns[field] = index;
  });
  return columns;
}
