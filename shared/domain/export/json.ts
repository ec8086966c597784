/** The JSON export: one member to a line, one line of the timeline to a line. Its schema is `IncidentDocument`. */
import type { DocumentHead } from '../../contract/exports.ts';
import type { Slice } from '../../ops/segment.ts';
import { json } from './visible.ts';
import type { DocumentWriter } from './writer.ts';

/** @param slices the proofs, made while they are written */
export function jsonWriter(head: DocumentHead, slices: () => Iterable<Slice>): DocumentWriter {
  let first = true;
  return {
    *begin() {
      const members = Object.entries(head).map(([name, value]) => `${json(name)}:${json(value)}`);
      yield `{${members.join(',\n')},\n"timeline":[`;
    },
    entry(entry) {
      const text = `${first ? '' : ','}\n${json(entry)}`;
      first = false;
      return text;
    },
    *end() {
      yield '\n],\n"record":{"slices":[';
      let separator = '\n';
      for (const slice of slices()) {
        yield `${separator}${json(slice)}`;
        separator = ',\n';
      }
      yield '\n]}}\n';
    },
  };
}
