import { expect, test } from 'vitest'
import { webUrl } from './web-url.ts'

test.each([
  ['https://social.example/p/1', 'https://social.example/p/1'],
  ['HTTP://social.example', 'http://social.example/'],
  ['javascript:alert(1)', null],
  ['java\nscript:alert(1)', null],
  ['data:text/html,x', null],
  ['weixin://dl/chat', null],
  ['/inbox', null],
  ['', null],
  [null, null],
])('%s', (url, expected) => expect(webUrl(url)).toBe(expected))
