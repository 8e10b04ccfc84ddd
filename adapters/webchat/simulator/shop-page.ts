/** The shop's page as text; every word in it is ours. */
export interface ShopPage {
  readonly language: 'zh-CN' | 'en'
  readonly isMember: boolean
  readonly token: string | null
  readonly script: string | null
}

const texts = {
  'zh-CN': {
    shop: '流明手机',
    slogan: '拿在手里的光',
    nav: ['手机', '配件', '以旧换新', '售后服务'],
    lead: '流明 7，续航两天的轻薄旗舰',
    about: '6.1 英寸护眼屏，158 克，五年系统更新。今天下单，明天送达。',
    buy: '加入购物车',
    models: [
      ['流明 7', '¥3,299', '轻薄旗舰，两天续航'],
      ['流明 7 Pro', '¥4,199', '长焦镜头，夜里也看得清'],
      ['流明 青春', '¥1,499', '第一部手机的好选择'],
    ],
    help: '遇到问题？点右下角的聊天按钮，客服在线回复。',
    signIn: '以会员身份登录',
    signOut: '退出登录',
    member: '您好，谭小梅',
    other: 'English',
    note: '这是回信演示用的虚构店铺。',
  },
  en: {
    shop: 'Lumen Phones',
    slogan: 'Light in your hand',
    nav: ['Phones', 'Accessories', 'Trade-in', 'Service'],
    lead: 'Lumen 7: thin, light, two days of battery',
    about: 'A gentle 6.1-inch screen, 158 grams, five years of updates. Order today, hold it tomorrow.',
    buy: 'Add to cart',
    models: [
      ['Lumen 7', '¥3,299', 'Thin and light, lasts two days'],
      ['Lumen 7 Pro', '¥4,199', 'A long lens that sees at night'],
      ['Lumen Young', '¥1,499', 'A good first phone'],
    ],
    help: 'Trouble with a phone? The button in the corner brings you to an agent.',
    signIn: 'Sign in as a member',
    signOut: 'Sign out',
    member: 'Hello, Mei Tan',
    other: '中文',
    note: 'An invented shop, for the demo of Huixin.',
  },
} as const

export function shopPage({ language, isMember, token, script }: ShopPage): string {
  const text = texts[language]
  const lang = language === 'en' ? 'lang=en' : 'lang=zh-CN'
  const member = isMember ? '&member' : ''
  const tag = script
    ? `<script src="${script}" data-lang="${language}"${token ? ` data-token="${token}"` : ''} async></script>`
    : ''
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text.shop}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/shop.css">
</head>
<body>
<header>
<strong>${text.shop}</strong>
<nav>${text.nav.map((name) => `<a href="#">${name}</a>`).join('')}</nav>
<p>${isMember ? `<span>${text.member}</span> <a href="/?${lang}">${text.signOut}</a>` : `<a href="/?${lang}&member">${text.signIn}</a>`}
<a href="/?lang=${language === 'en' ? 'zh-CN' : 'en'}${member}" lang="${language === 'en' ? 'zh-CN' : 'en'}">${text.other}</a></p>
</header>
<main>
<section class="lead"><div><p>${text.slogan}</p><h1>${text.lead}</h1><p>${text.about}</p></div><div class="phone" aria-hidden="true"><i></i></div></section>
<section class="models">${text.models
    .map(
      ([name, price, about]) =>
        `<article><div class="phone small" aria-hidden="true"><i></i></div><h2>${name}</h2><p>${about}</p><p><b>${price}</b></p><button type="button">${text.buy}</button></article>`,
    )
    .join('')}</section>
<p class="help">${text.help}</p>
</main>
<footer>${text.note}</footer>
${tag}
</body>
</html>
`
}
