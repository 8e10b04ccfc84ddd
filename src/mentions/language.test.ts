import { expect, test } from 'vitest'
import { languageOf } from './language.ts'

test.each([
  ['屏幕总是闪，怎么办？', 'zh'],
  ['螢幕一直閃', 'zh'],
  ['iPhone 换了 Huawei P50 Pro 之后一直没信号 https://example.com/a/very/long/address', 'zh'],
  ['超好吃の店', 'zh'],
  ['電池がすぐ切れる', 'ja'],
  ['배터리가 너무 빨리 닳아요', 'ko'],
  ['The screen is flickering and it does not stop', 'en'],
  ['La pantalla no funciona y el cargador tampoco', 'es'],
  ["L'écran ne marche pas et je suis déçu de la marque", 'fr'],
  ['Der Bildschirm flackert und ist seit gestern schwarz', 'de'],
  ['O ecrã não funciona e estou muito triste com a marca', 'pt'],
  ['Màn hình điện thoại bị nhấp nháy', 'vi'],
  ['Layar hp saya tidak bisa menyala', 'id'],
  ['Экран мигает', 'ru'],
  ['الشاشة لا تعمل', 'ar'],
  ['หน้าจอกระพริบ', 'th'],
  ['', 'und'],
  ['😡😡 12345 https://example.com/the/and/is', 'und'],
  ['@the_and_is #und', 'und'],
  ['xkcd qwrt', 'und'],
])('%s is %s', (text, language) => expect(languageOf(text)).toBe(language))

test('a text without end takes no time without end', () => {
  expect(languageOf('屏'.repeat(1_000_000))).toBe('zh')
})
