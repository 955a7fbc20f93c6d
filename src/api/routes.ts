import { calendarRoutes } from '../calendars/calendar.routes.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { platformRoutes } from '../platform/platform.routes.ts'

/** The routes of every stage that run on either runtime, with what later stages hand to earlier ones. */
export const routeGroups: readonly RouteGroup[] = [platformRoutes, calendarRoutes]
