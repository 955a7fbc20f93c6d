import { sendDueMessages } from '../../jobs/send-due-messages.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { connectEmbedded } from '../../src/platform/connect-embedded.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { carriersFrom } from '../../src/platform/outbox/carriers-when-used.ts'

/** Sends what is due, in a process of its own to be killed by a test: `send.ts DATABASE INSTANT`, carriers by environment. */
const [database = '', instant = ''] = process.argv.slice(2)
const carriers = carriersFrom(process.env)
const connection = database.startsWith('postgres') ? connectPostgres(database, 2) : await connectEmbedded(database)
if (isRefusal(carriers) || isRefusal(connection)) throw new Error('the database or the carriers do not open')
const services = { ...connection, clock: systemClock, carriers }
const report = await sendDueMessages(services, new Date(instant), { runner: `send-${process.pid}` })
process.stdout.write(`${JSON.stringify(report)}\n`)
await connection.close()
