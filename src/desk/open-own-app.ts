/** The wiring with the project's own jobs: the one App of a process, as a door opens it. */
import { jobs } from '../jobs.ts';
import { type App, type AppOptions, openApp } from '../platform/app.ts';
import type { Config } from '../platform/config.ts';

export async function openOwnApp(config: Config, options: Omit<AppOptions, 'jobs'> = {}): Promise<App> {
  return await openApp(config, { jobs, ...options });
}
