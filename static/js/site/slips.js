// Domains people mistype, and what they meant. A fixed list, the same for everyone: the answer says nothing about anyone.
const SLIPS = {
  'naver.com': ['naver.con', 'naver.cim', 'naver.om', 'naver.co', 'naver.cm', 'naver.vom', 'naver.xom', 'naver.comm', 'naver.net', 'naver.co.kr', 'naer.com', 'naber.com', 'navre.com', 'naveer.com', 'maver.com', 'nver.com', 'never.com'],
  'gmail.com': ['gmail.con', 'gmail.cim', 'gmail.om', 'gmail.co', 'gmail.cm', 'gmail.vom', 'gmail.comm', 'gmail.net', 'gmail.co.kr', 'gmial.com', 'gmai.com', 'gmil.com', 'gamil.com', 'gmaill.com', 'gnail.com', 'gmali.com', 'gemail.com', 'g-mail.com'],
  'daum.net': ['daum.com', 'daum.co.kr', 'daum.ner', 'daum.bet', 'daum.met', 'daun.net', 'dauum.net'],
  'hanmail.net': ['hanmail.com', 'hanmail.co.kr', 'hanmail.ner', 'hanmail.bet', 'hanmial.net', 'hamail.net', 'hanmai.net'],
  'kakao.com': ['kakao.con', 'kakao.co', 'kakao.net', 'kakoa.com', 'kaka.com', 'kakao.co.kr'],
  'nate.com': ['nate.con', 'nate.co', 'nate.net', 'nate.co.kr'],
  'hotmail.com': ['hotmail.con', 'hotmail.co', 'hotmial.com', 'hotmai.com', 'hotamil.com'],
  'outlook.com': ['outlook.con', 'outlook.co', 'outloook.com', 'outlok.com', 'outlook.cm'],
  'icloud.com': ['icloud.con', 'icloud.co', 'iclould.com', 'icoud.com', 'icloud.cm'],
  'yahoo.com': ['yahoo.con', 'yaho.com', 'yahooo.com', 'yahoo.cm'],
};
const MEANT = new Map(Object.entries(SLIPS).flatMap(([meant, slips]) => slips.map((slip) => [slip, meant])));

// "kim@naver.con" -> "kim@naver.com"; null when nothing looks wrong.
export function correction(address) {
  const at = address.lastIndexOf('@');
  if (at < 1) return null;
  const meant = MEANT.get(address.slice(at + 1).trim().toLowerCase());
  return meant ? `${address.slice(0, at).trim()}@${meant}` : null;
}
