// Pairs of people who may be one: what speaks for it, and the two answers.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { type Decision, type Doubt, decide } from "../../api/people";
import { Empty, Failure } from "../../components/parts";
import { manyText, shareText } from "../../components/words";

const SHOWN = 10; // at first

/** An address as it is; of an account the end of its uuid, which tells it from another of the same name. */
function handleText(handle: string): string {
  return handle.startsWith("{") ? `Bitbucket account …${handle.slice(-7, -1)}` : handle;
}

function One(props: { person: Doubt["person"] }): JSX.Element {
  const { person } = props;
  return (
    <div class="doubt-one">
      <strong>{person.name}</strong>
      {person.handle !== person.name && <span class="soft small">{handleText(person.handle)}</span>}
    </div>
  );
}

function Pair(props: { doubt: Doubt; canDecide: boolean; take: (decision: Decision) => void }): JSX.Element {
  const { doubt } = props;
  const names = `${doubt.person.name} (${doubt.person.handle}) and ${doubt.other.name} (${doubt.other.handle})`;
  return (
    <li class="doubt">
      <div class="doubt-pair">
        <One person={doubt.person} />
        <One person={doubt.other} />
      </div>
      <p class="small">
        Likeness <strong class="number">{shareText(doubt.score)}</strong>. {doubt.reason}
      </p>
      {props.canDecide && (
        <div class="row tight">
          <button
            type="button"
            class="button"
            onClick={() => props.take({ path: "merge", body: { into: doubt.other.id } })}
          >
            Same person<span class="visually-hidden">: {names}</span>
          </button>
          <button
            type="button"
            class="button"
            onClick={() => props.take({ path: "different", body: { from: doubt.other.id } })}
          >
            Different people<span class="visually-hidden">: {names}</span>
          </button>
        </div>
      )}
    </li>
  );
}

export function Doubts(props: {
  workspace: string;
  doubts: Doubt[];
  canDecide: boolean;
  decided: (words: string) => void;
}): JSX.Element {
  const { doubts } = props;
  const [error, setError] = useState<unknown>(null);
  const [isWhole, setWhole] = useState(false);
  const take = (doubt: Doubt, decision: Decision): void => {
    decide(props.workspace, doubt.person.id, decision)
      .then(() => {
        setError(null);
        const pair = `${doubt.person.name} and ${doubt.other.name}`;
        props.decided(decision.path === "merge" ? `${pair} are one person now.` : `${pair} are different people.`);
      })
      .catch((fault: unknown) => setError(fault));
  };
  const shown = isWhole ? doubts : doubts.slice(0, SHOWN);
  return (
    <section class="card stack" aria-labelledby="doubts">
      <h2 id="doubts">In doubt {doubts.length > 0 && <span class="soft small">{manyText(doubts.length, "pair")}</span>}</h2>
      {error !== null && <Failure error={error} />}
      {doubts.length === 0 && <Empty>Nothing is in doubt: what is certain is merged by rules.</Empty>}
      {doubts.length > 0 && (
        <ul class="plain-list">
          {shown.map((doubt) => (
            <Pair
              key={`${doubt.person.id} ${doubt.other.id}`}
              doubt={doubt}
              canDecide={props.canDecide}
              take={(decision) => take(doubt, decision)}
            />
          ))}
        </ul>
      )}
      {shown.length < doubts.length && (
        <div class="row">
          <button type="button" class="button" onClick={() => setWhole(true)}>
            Show all {doubts.length}
          </button>
        </div>
      )}
    </section>
  );
}
