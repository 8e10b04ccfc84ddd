/** The command line. Each command is a file in `cli/`, loaded when it is called. */
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { fail } from './cli/fail.ts'
import { Intake, Role } from './wire.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const program = new Command('huixin')
  .description('Huixin 回信: a social-care inbox. Works in an empty folder and beside a running server.')
  .version(version)
  .showHelpAfterError('(huixin --help tells more)')
  .addHelpText(
    'after',
    '\nEnvironment: PORT HOST HUIXIN_URL DATABASE_URL HUIXIN_DATA HUIXIN_SECRET LOG_LEVEL; see README.md',
  )

program
  .command('start')
  .description('run the server')
  .action(async () => (await import('./main.ts')).main({ demo: false }))
program
  .command('demo')
  .description('run the server with simulated platforms and customers')
  .action(async () => (await import('./main.ts')).main({ demo: true }))
program
  .command('build')
  .description('build the desk, so that the first start need not')
  .action(async () => (await import('./cli/build.ts')).build())
program
  .command('migrate')
  .description('bring the database to this version and end')
  .action(async () => (await import('./cli/migrate.ts')).migrateDatabase())
program
  .command('doctor')
  .description('look at everything a server needs; ends with 1 when something is wrong')
  .action(async () => (await import('./cli/doctor.ts')).doctor())

const role = () => new Option('--role <role>', 'what they may do').choices(Role.options).makeOptionMandatory()
const brand = () =>
  new Option('--brand <brand...>', 'name or id; left out: the first brand for people, all brands for keys')

program
  .command('user')
  .description('people who sign in')
  .command('add')
  .description('add a person; without --password-stdin a one-time password is made and printed')
  .requiredOption('--email <address>', 'what they sign in with')
  .addOption(role())
  .option('--name <name>', 'shown to colleagues; left out: the part of the address before the @')
  .addOption(brand())
  .option('--password-stdin', 'read the password from standard input')
  .action(async (options) => (await import('./cli/user.ts')).addUser(options))

program
  .command('key')
  .description('keys for programs')
  .command('add')
  .description('add a key; it is printed once, alone on the last line')
  .requiredOption('--name <name>', 'which program it is for')
  .addOption(role())
  .addOption(brand())
  .option('--expires <when>', 'a date (2027-01-31) or a time from now (12h, 90d); left out: never')
  .action(async (options) => (await import('./cli/key.ts')).addKey(options))

const intake = () =>
  new Option('--intake <intake>', 'tickets: every post becomes one; watch: posts are listed as mentions').choices(
    Intake.options,
  )
const account = program.command('account').description('accounts on channels')
account
  .command('add')
  .description('add an account; its id is printed alone on the last line')
  .argument('<channel>', 'telegram, …')
  .option('--set <name=value...>', 'a setting of the channel')
  .option(
    '--set-file <name=path...>',
    'a setting read from a file (- is standard input): keeps secrets off the command line',
  )
  .option('--name <name>', 'shown at the desk; left out: the channel')
  .addOption(intake())
  .option('--brand <brand>', 'name or id; left out: the first brand')
  .action(async (channel, options) => (await import('./cli/account.ts')).addOne(channel, options))
account
  .command('change')
  .description('change an account; what is left out stays')
  .argument('<id>', 'as `account add` printed it')
  .option('--set <name=value...>', 'a setting of the channel')
  .option('--set-file <name=path...>', 'a setting read from a file (- is standard input)')
  .option('--name <name>', 'shown at the desk')
  .addOption(intake())
  .action(async (id, options) => (await import('./cli/account.ts')).changeOne(id, options))

program
  .command('unknown')
  .description('replies whose outcome is unknown')
  .command('list')
  .description('list them, oldest first; people settle them at the desk')
  .action(async () => (await import('./cli/unknown.ts')).listUnknown())
program
  .command('repairs')
  .description('repair records of a brand')
  .command('import')
  .description('bring in a CSV; rows that are here already have no effect')
  .argument('<file>', 'with a column for the serial number')
  .option('--brand <brand>', 'name or id; left out: the first brand')
  .option('--dry-run', 'say what would come of it, and change nothing')
  .action(async (file, options) => (await import('./cli/repairs.ts')).importFile(file, options))
program
  .command('replay')
  .description('read again what came in and could not be read')
  .option('--account <id>', 'of this account only')
  .action(async (options) => (await import('./cli/replay.ts')).replay(options))

try {
  await program.parseAsync()
} catch (error) {
  fail(error)
}
// What was half started, or what a library left running (a timer of wechaty's), must not keep a command alive that is over.
setTimeout(() => process.exit(), 5_000).unref()
