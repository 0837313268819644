// Renders the pages of the interface from `templates/web/*.mustache`. Mustache escapes by default and has no logic, so a template can
// neither run code nor let a value become markup; `{{{ }}}` and `{{& }}` are refused when a template is loaded.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import mustache from 'mustache';
import { packageRoot } from '../package-root.ts';

export type Templates = {
  /** The page as HTML; `{{#word}}key{{/word}}` becomes a word of the interface. Throws TypeError for a template that does not exist. */
  render(name: string, view: object, word: (key: string) => string): string;
};

/** Loads every template of a folder; each can include the others as partials by name. */
export function loadTemplates(folder: string = join(packageRoot, 'templates', 'web')): Templates {
  const sources: Record<string, string> = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.mustache'))) {
    const source = readFileSync(join(folder, file), 'utf8');
    if (/\{\{\{|\{\{\s*&/.test(source)) throw new TypeError(`${file} holds an unescaped value`);
    sources[basename(file, '.mustache')] = source;
  }
  return {
    render(name, view, word) {
      const source = sources[name];
      if (source === undefined) throw new TypeError(`there is no template ${name}`);
      // What a section function returns is not escaped by mustache.
      const words = { word: () => (key: string) => mustache.escape(word(key.trim())) };
      return mustache.render(source, { ...view, ...words }, sources);
    },
  };
}
