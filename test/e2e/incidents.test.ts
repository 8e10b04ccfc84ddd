/** One trouble of many people: seen to be the same, gathered, answered for all, stopped, gone on with; and answers reviewed. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Customer } from '../../adapters/telegram/simulator.ts'
import { patience } from '../helpers/patience.ts'
import { axe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import { openStage, type Stage, type Window } from './stage.ts'

const slow = { timeout: 120_000 * patience }
const words = '新系统已经修复，请在设置里更新。'
const shots = process.env.SHOTS

async function problems(page: Page) {
  const { violations } = await axe(page).analyze()
  return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])
}

describe.skipIf(chromiumPath === null)('an incident', () => {
  let stage: Stage
  let desk: Window
  let people: Customer[]
  const shoot = async (page: Page, name: string) => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }
  beforeAll(async () => {
    stage = await openStage()
    await stage.connect()
    desk = await stage.enter()
    people = ['赵一', '钱二', '孙三'].map((name) => stage.customer(name))
    people[0]!.says('更新系统之后手机一直没信号')
    people[1]!.says('系统更新之后没信号了，重启也没用')
    people[2]!.says('昨天更新系统，手机没信号，打不了电话')
    stage.customer('李四').says('刚买一周就降价两百，能补差价吗')
  }, 240_000 * patience)
  afterAll(() => stage?.close())

  test('is made of those who say the same', slow, async () => {
    const { page } = desk
    await page.goto('/inbox/all')
    for (const name of ['赵一', '钱二', '孙三', '李四'])
      await page.locator('[data-ticket]', { hasText: name }).waitFor()
    await page.locator('[data-ticket]', { hasText: '赵一' }).click()
    await page.getByRole('button', { name: '2 个类似会话' }).click()
    await page.getByRole('dialog').getByText('钱二').waitFor()
    await shoot(page, 'alike')
    expect(await problems(page)).toEqual([])
    await page.getByLabel('事件名称').fill('更新后没信号')
    await page.getByRole('button', { name: '用 3 个会话新建事件' }).click()
    await page.getByRole('heading', { name: '事件 #1 更新后没信号' }).waitFor()
    await page.getByText('3 个会话', { exact: true }).waitFor()
    expect(await problems(page)).toEqual([])
  })

  test('is answered for all after a look at each, stopped, and gone on with; nobody gets it twice', slow, async () => {
    const { page } = desk
    // The platform asks us to wait: what is written stays in the queue.
    await stage.server.deps.sql`update accounts set paused_until = now() + interval '1 hour'`
    await page.getByRole('button', { name: '答复所有人' }).click()
    await page.getByLabel('中文').fill(words)
    await page.getByRole('button', { name: '先看看谁能收到' }).click()
    await page.getByText('3 个能答复').waitFor()
    await shoot(page, 'preview')
    expect(await problems(page)).toEqual([])
    await page.getByRole('button', { name: '发给 3 个会话' }).click()
    await page.getByText('已写入 3 / 3').waitFor()
    for (const customer of people) expect(stage.arrived(customer)).toEqual([])
    // Written, but none has left: all come back.
    await page.getByRole('button', { name: '停止' }).click()
    await page.getByText('已撤回 3').waitFor()
    await page.getByText('已停止').waitFor()
    await shoot(page, 'stopped')
    await stage.server.deps.sql`update accounts set paused_until = null`
    for (const customer of people) expect(stage.arrived(customer)).toEqual([])
    await page.getByRole('button', { name: '继续发给其余 3 个' }).click()
    await page.getByText('已送出 3').waitFor()
    for (const customer of people)
      await expect.poll(() => stage.arrived(customer), { timeout: 15_000 * patience }).toEqual([words])
    await shoot(page, 'answered')

    const late = stage.customer('周五')
    late.says('我也是更新系统之后手机没信号')
    await page.goto('/incidents')
    await page.getByRole('link', { name: '事件 #1 更新后没信号' }).click()
    const suggested = page.getByRole('region', { name: '可能也属于这里' })
    await expect
      .poll(
        async () => {
          await page.reload()
          await page.getByRole('heading', { name: '事件 #1 更新后没信号' }).waitFor()
          const there = suggested.getByText('周五').waitFor({ timeout: 3_000 * patience })
          return there.then(
            () => 1,
            () => 0,
          )
        },
        { timeout: 30_000 * patience },
      )
      .toBe(1)
    await suggested.getByRole('button', { name: /把 #\d+ 加入事件/u }).click()
    await page.getByText('后来加入、还没收到 1').waitFor()
    await page.getByRole('button', { name: '继续发给其余 1 个' }).click()
    await expect.poll(() => stage.arrived(late), { timeout: 30_000 * patience }).toEqual([words])
    for (const customer of people) expect(stage.arrived(customer)).toEqual([words])
    expect(await problems(page)).toEqual([])
  })

  test('looks right in the dark and in English', slow, async () => {
    const { page, complaints } = await stage.enter({ language: 'en', dark: true, name: 'Ann' })
    await page.goto('/incidents')
    await page.getByRole('link', { name: 'Incident #1 更新后没信号' }).click()
    await page.getByText('4 conversations').first().waitFor()
    expect(await problems(page)).toEqual([])
    await shoot(page, 'incident-dark-en')
    await page.goto('/figures?since=1d')
    await page.locator('[data-chart] canvas').waitFor()
    await shoot(page, 'figures-dark-en')
    await page.goto('/figures?since=1d&by=agent&show=answers')
    await page.locator('[data-chart] canvas').waitFor()
    expect(complaints).toEqual([])
  })

  test('a supervisor reviews what an agent wrote, and an administrator changes the sheet', slow, async () => {
    const { page } = desk
    await page.goto('/inbox/all')
    await page.locator('[data-ticket]', { hasText: '李四' }).click()
    await page.getByRole('article', { name: '李四' }).getByText('刚买一周就降价两百').first().waitFor()
    await page.getByRole('textbox', { name: '回复' }).fill('可以补差价，请提供订单号。')
    await page.getByRole('button', { name: /^回复到/u }).click()
    await expect
      .poll(async () => (await stage.server.deps.sql`select 1 from messages where text like '可以补差价%'`).length, {
        timeout: 15_000 * patience,
      })
      .toBe(1)
    const reviewer = await stage.enter({ name: '主管' })
    await reviewer.page.goto('/quality')
    await reviewer.page.getByRole('button', { name: '现在抽取' }).click()
    const card = reviewer.page.getByRole('article', { name: '陈雨 的答复' })
    await card.getByText('可以补差价').waitFor()
    // What went to everybody is nobody's own answer.
    expect(await reviewer.page.getByText(words).count()).toBe(0)
    await card.getByRole('radiogroup').nth(3).waitFor()
    for (const group of await card.getByRole('radiogroup').all())
      await group.getByRole('radio', { name: '良好' }).click()
    await shoot(reviewer.page, 'quality')
    expect(await problems(reviewer.page)).toEqual([])
    await card.getByRole('button', { name: '提交质检' }).click()
    await reviewer.page.getByText('已提交，75 分').first().waitFor()
    await page.goto('/quality?show=mine')
    await page.getByText('75 分').first().waitFor()
    await reviewer.page.goto('/quality/sheet')
    await reviewer.page.getByLabel('每人每周抽取条数').fill('5')
    await shoot(reviewer.page, 'sheet')
    expect(await problems(reviewer.page)).toEqual([])
    await reviewer.page.getByRole('button', { name: '保存' }).click()
    await reviewer.page.getByRole('heading', { name: '质检' }).waitFor()
  })
})
