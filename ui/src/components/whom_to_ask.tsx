// Whom somebody asks who may not do a thing: the administrators, by name and address.
import type { JSX } from "preact";

import type { Connections } from "../api/connections";
import { useLoad } from "./load";

export function Administrators(props: { people: Connections["administrators"] }): JSX.Element {
  const { people } = props;
  return (
    <>
      {people.map((person, i) => (
        <span key={person.email}>
          {i > 0 && (i === people.length - 1 ? " or " : ", ")}
          <a href={`mailto:${person.email}`}>{person.name}</a> ({person.email})
        </span>
      ))}
    </>
  );
}

/** "Ask Ada Lovelace (ada@example.com)." Nothing until they are known. */
export function WhomToAsk(): JSX.Element | null {
  const people = useLoad<Connections>("/connections").value?.administrators ?? [];
  if (people.length === 0) return null;
  return (
    <p>
      Ask <Administrators people={people} />.
    </p>
  );
}
