import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { authenticationOver } from '../../src/platform/sign-in/authentication.ts'
import { testSecret } from '../support/browser.ts'
import { onEveryDatabase } from '../support/databases.ts'

onEveryDatabase('the tables of the sign-in library', (connection) => {
  it('are those the library asks for, column by column: an upgrade that wants another is found here', async () => {
    const { tables } = await authenticationOver(connection().db, { secret: testSecret, secure: false }).$context
    const wanted = Object.values(tables).flatMap(({ modelName, fields }) =>
      ['id', ...Object.entries(fields).map(([name, { fieldName }]) => fieldName ?? name)].map(
        (column) => `${modelName}.${column}`,
      ),
    )
    expect(wanted.length).toBeGreaterThan(40)
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_name like 'sign\_in\_%' and column_name <> 'staff_id'`.execute(connection().db)
    expect(rows.map(({ name }) => name).sort()).toEqual([...wanted].sort())
  })
})
