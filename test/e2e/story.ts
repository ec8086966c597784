/**
 * What the stories share that are told where there is no network interface but loopback (which the test needs to reach the
 * window). Each is a program of its own, run inside a network namespace by offline.spec.ts; it prints what came of it as JSON.
 */
import { networkInterfaces } from 'node:os';
import { Console, launch } from './console.ts';

const [folder] = process.argv.slice(2);

/** Opens the console on the demonstration estate and waits for its first signals. */
export async function openStory() {
  const app = await launch({ folder: folder!, demonstration: true });
  const page = await app.firstWindow();
  const holdfast = new Console(app, page, folder!);
  await holdfast.ready();
  const press = (key: string) => page.keyboard.press(key);
  const composer = page.getByRole('textbox', { name: 'Write in the timeline' });
  return {
    folder: folder!,
    page,
    holdfast,
    press,
    type: (text: string) => page.keyboard.type(text),
    /** A line of the composer, sent and taken. */
    async line(text: string): Promise<void> {
      await composer.focus();
      await page.keyboard.type(text);
      await press('Enter');
      await page.waitForFunction(() => document.querySelector('textarea')?.value === '');
    },
    /** Waits until the timeline shows `text`. */
    seen: (text: string) => page.getByRole('grid', { name: 'Timeline' }).getByText(text).first().waitFor(),
    /** Asks again, four times a second, until `fact` holds; the last answer. */
    async until<T>(what: string, ask: () => Promise<T>, fact: (answer: T) => boolean): Promise<T> {
      const limit = performance.now() + 30_000;
      for (;;) {
        const answer = await ask();
        if (fact(answer)) return answer;
        if (performance.now() > limit) throw new Error(`not within 30 s: ${what}; at last ${JSON.stringify(answer)}`);
        await page.waitForTimeout(250);
      }
    },
    /** Who acts at this console from now on. */
    act: (person: string) => holdfast.done('settings.set', { actingAs: person }),
    /** Closes the console and prints what came of it. */
    async tell(what: Record<string, unknown>): Promise<void> {
      await app.close();
      process.stdout.write(JSON.stringify({ interfaces: Object.keys(networkInterfaces()), ...what }));
    },
  };
}
