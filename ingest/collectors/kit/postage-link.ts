/** Links that shops sell to collect postage or a difference in price ("补邮费", "差价专拍"). Goods say "免邮费" in their titles. */
export const POSTAGE_LINK = /补拍?(邮费|运费|差价|差额)|(邮费|运费|差价)(补|专用|专拍|链接)/;
