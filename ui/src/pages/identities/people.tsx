// Everybody, by name: accounts and addresses, merges and their undoing, bots, people who are left out.
import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";

import {
  type Merge,
  type PeoplePage,
  type PeopleShown,
  type Person,
  addressesOf,
  decide,
  findPeople,
  markPerson,
  peoplePath,
} from "../../api/people";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { Select } from "../../components/select";
import { dateText, manyText } from "../../components/words";
import { setQuery, usePlace } from "../../router";

const SHOWN: { value: PeopleShown; text: string }[] = [
  { value: "all", text: "everybody" },
  { value: "people", text: "people who count" },
  { value: "merged", text: "merged from several" },
  { value: "bots", text: "bots" },
  { value: "excluded", text: "left out" },
];

const PAUSE = 200; // milliseconds of no typing before the server is asked

type Act = (change: Promise<unknown>, words: string) => void;

function Tags(props: { person: Person }): JSX.Element {
  const { person } = props;
  return (
    <>
      {person.is_bot && <span class="tag">bot</span>} {person.is_excluded && <span class="tag warn">left out</span>}{" "}
      {person.uuid === null && <span class="tag">address only</span>}
    </>
  );
}

function MergeLine(props: { workspace: string; merge: Merge; canDecide: boolean; act: Act }): JSX.Element {
  const { merge } = props;
  return (
    <li class="merge-line small">
      <span>
        <strong>{merge.rule === "by-hand" ? "By hand" : "By rule"}</strong>, {dateText(merge.made)}: {merge.reason}
      </span>
      {props.canDecide && (
        <button
          type="button"
          class="button small-button"
          onClick={() =>
            props.act(
              decide(props.workspace, merge.id, { path: "split", body: {} }),
              `${merge.name ?? "That address"} is a person of its own again.`,
            )
          }
        >
          Part them<span class="visually-hidden">: {merge.name}</span>
        </button>
      )}
    </li>
  );
}

/** What somebody decided stands open; what rules are certain of is folded away. */
function Merges(props: { workspace: string; person: Person; canDecide: boolean; act: Act }): JSX.Element {
  const byHand = props.person.merged.filter((merge) => merge.rule === "by-hand");
  const byRule = props.person.merged.filter((merge) => merge.rule !== "by-hand");
  const lines = (merges: Merge[]): JSX.Element => (
    <ul class="plain-list">
      {merges.map((merge) => (
        <MergeLine key={merge.id} {...props} merge={merge} />
      ))}
    </ul>
  );
  return (
    <>
      {byHand.length > 0 && lines(byHand)}
      {byRule.length > 0 && (
        <details class="small">
          <summary>
            {manyText(byRule.length, "merge")} by rule<span class="visually-hidden"> into {props.person.name}</span>
          </summary>
          {lines(byRule)}
        </details>
      )}
    </>
  );
}

function Marks(props: { workspace: string; person: Person; act: Act }): JSX.Element {
  const { workspace, person, act } = props;
  return (
    <div class="row tight">
      <button
        type="button"
        class="button small-button"
        onClick={() =>
          act(
            markPerson(workspace, person.id, { is_bot: !person.is_bot }),
            person.is_bot ? `${person.name} counts as a person.` : `${person.name} counts as a bot.`,
          )
        }
      >
        {person.is_bot ? "Not a bot" : "A bot"}
        <span class="visually-hidden">: {person.name}</span>
      </button>
      <button
        type="button"
        class="button small-button"
        onClick={() =>
          act(
            markPerson(workspace, person.id, { is_excluded: !person.is_excluded }),
            person.is_excluded ? `${person.name} counts again.` : `${person.name} is left out of every measure.`,
          )
        }
      >
        {person.is_excluded ? "Count again" : "Leave out"}
        <span class="visually-hidden">: {person.name}</span>
      </button>
    </div>
  );
}

function Row(props: { workspace: string; person: Person; canDecide: boolean; act: Act }): JSX.Element {
  const { person } = props;
  const names = [...addressesOf(person), ...person.names.filter((name) => name.kind === "raw").map((name) => name.value)];
  return (
    <li class="person">
      <div class="row between">
        <span>
          <strong>{person.name}</strong> {person.nickname !== null && <span class="soft">{person.nickname}</span>}{" "}
          <Tags person={person} />
        </span>
        {props.canDecide && <Marks workspace={props.workspace} person={person} act={props.act} />}
      </div>
      {names.length > 0 && <p class="soft small person-names">{names.join(", ")}</p>}
      {person.is_bot && person.bot_reason !== null && <p class="soft small">A bot: {person.bot_reason}.</p>}
      {person.merged.length > 0 && (
        <Merges workspace={props.workspace} person={person} canDecide={props.canDecide} act={props.act} />
      )}
    </li>
  );
}

function Search(props: { text: string }): JSX.Element {
  const id = useId();
  const [typed, setTyped] = useState(props.text);
  useEffect(() => {
    const timer = setTimeout(() => typed !== props.text && setQuery({ q: typed }), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div class="field filter">
      <label for={id}>Name or address</label>
      <input id={id} type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
    </div>
  );
}

/** @turn: changes when something was decided, so that what is shown is asked for anew. */
export function People(props: {
  workspace: string;
  canDecide: boolean;
  turn: number;
  decided: (words: string) => void;
}): JSX.Element {
  const { query } = usePlace();
  const { workspace } = props;
  const text = query.get("q") ?? "";
  const show = SHOWN.find((one) => one.value === query.get("show"))?.value ?? "all";
  const first = useLoad<PeoplePage>(peoplePath(workspace, { q: text, show }));
  const [more, setMore] = useState<{ of: PeoplePage; items: Person[]; next: string | null } | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (props.turn > 0) first.reload();
  }, [props.turn]);
  const page = first.value;
  const isMore = more !== null && more.of === page;
  const people = page === null ? [] : [...page.items, ...(isMore ? more.items : [])];
  const next = isMore ? more.next : (page?.next_cursor ?? null);
  const act: Act = (change, words) => {
    change
      .then(() => {
        setError(null);
        props.decided(words);
      })
      .catch((fault: unknown) => setError(fault));
  };
  const showMore = (): void => {
    if (page === null || next === null) return;
    findPeople(workspace, { q: text, show, cursor: next })
      .then((one) =>
        setMore({
          of: page,
          items: [...(isMore ? more.items : []), ...one.items],
          next: one.next_cursor ?? null,
        }),
      )
      .catch((fault: unknown) => setError(fault));
  };
  return (
    <section class="card stack" aria-labelledby="people">
      <div>
        <h2 id="people">People</h2>
        <p class="soft small" role="status">
          {page === null ? "\u00a0" : manyText(page.in_all, "person", "people")}
        </p>
      </div>
      <div class="filters" role="search" aria-label="People">
        <Search text={text} />
        <Select label="Show" value={show} options={SHOWN} onChange={(value) => setQuery({ show: value === "all" ? null : value })} />
      </div>
      {error !== null && <Failure error={error} />}
      {first.error !== null && <Failure error={first.error} retry={first.reload} />}
      {page === null && first.error === null && <Skeleton height="24rem" />}
      {page !== null && people.length === 0 && <Empty>Nobody fits these filters.</Empty>}
      {people.length > 0 && (
        <ul class="plain-list" aria-busy={first.isLoading}>
          {people.map((person) => (
            <Row key={person.id} workspace={workspace} person={person} canDecide={props.canDecide} act={act} />
          ))}
        </ul>
      )}
      {next !== null && (
        <div class="row">
          <button type="button" class="button" onClick={showMore}>
            Show more
          </button>
        </div>
      )}
    </section>
  );
}
