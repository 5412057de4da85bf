// One policy: what it says, how past merges fare under it, its versions, and changing or ending it.
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import type { PolicyVersion, PolicyVersions, Waiting } from "../../api/policies";
import { atLeast } from "../../api/session";
import { Dialog } from "../../components/dialog";
import { useLoad } from "../../components/load";
import { Failure, Field, Notice, Skeleton } from "../../components/parts";
import { dateText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { bodyOfPolicy, draftOf, reachText, reachTitle } from "./draft";
import { PolicyForm } from "./form";
import { StandingTag } from "./policies";
import { Trial } from "./simulation";

function History(props: { versions: PolicyVersion[] }): JSX.Element {
  return (
    <section class="card stack tight" aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      <p class="soft small">A version is never altered: what was in force stays as it was.</p>
      <div class="table-wrap">
        <table class="table">
          <caption class="visually-hidden">Versions of this policy, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Asks for</th>
              <th scope="col">In force</th>
              <th scope="col">Written</th>
            </tr>
          </thead>
          <tbody>
            {[...props.versions].reverse().map((one) => (
              <tr key={one.version}>
                <th scope="row" class="nowrap">
                  {one.version} <StandingTag policy={one} />
                </th>
                <td>{one.asks}</td>
                <td>
                  {one.from !== null && `from ${dateText(one.from)}`}
                  {one.ended !== null && ` to ${dateText(one.ended)}`}
                </td>
                <td>
                  {one.written !== null && dateText(one.written)}
                  {one.written_by !== null && <div class="soft small">{one.written_by}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function EndDialog(props: {
  policy: PolicyVersion;
  workspace: string;
  isAdmin: boolean;
  proposes: boolean;
  close: () => void;
  ended: (answer: PolicyVersions | Waiting) => void;
}): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const { policy } = props;
  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const day = String(new FormData(event.currentTarget).get("at"));
    const at = day === "" ? null : day;
    const query = queryText({ workspace: props.workspace });
    setBusy(true);
    (props.isAdmin
      ? change<PolicyVersions | Waiting>("POST", `/policies/${policy.policy}/end${query}`, { at })
      : change<Waiting>("POST", `/proposals${query}`, { do: "end-policy", policy_id: policy.policy, at })
    )
      .then(props.ended)
      .catch((fault: unknown) => {
        setError(fault);
        setBusy(false);
      });
  };
  return (
    <Dialog title={props.proposes ? "Propose to end this policy" : "End this policy"} close={props.close}>
      <form class="stack" onSubmit={submit}>
        <p>
          Merges into {reachText(policy)} are judged from then on by a less specific policy, or by none. Those before
          stay judged by it.
        </p>
        <Field label="Last in force before" type="date" name="at" hint="Empty: it ends at once." />
        {error !== null && <Failure error={error} />}
        <div class="row end">
          <button type="button" class="button" onClick={props.close}>
            Cancel
          </button>
          <button class="button danger" disabled={isBusy}>
            {props.proposes ? "Propose" : "End it"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function One(props: { answer: PolicyVersions; desk: Desk; page: PageProps; reload: () => void }): JSX.Element {
  const { answer, desk } = props;
  const { account } = props.page;
  const [isEdited, setEdited] = useState(false);
  const [isEnding, setEnding] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const newest = answer.versions[answer.versions.length - 1];
  if (!newest) return <Failure error={new Error("The policy has no version.")} />;
  const isAdmin = atLeast(account, "admin");
  const isEditor = atLeast(account, "editor");
  const proposes = !isAdmin || answer.second_person;
  const saved = (): void => {
    setEdited(false);
    setSaid("Saved. Merges are judged by it from its beginning on; insights and the merge audit follow with the next reading.");
    props.reload();
  };
  const ended = (outcome: PolicyVersions | Waiting): void => {
    setEnding(false);
    setSaid("proposal" in outcome ? `Proposal ${outcome.proposal} waits: ${outcome.summary}.` : "It has an end now.");
    props.reload();
  };
  return (
    <>
      <div class="row between page-head">
        <div>
          <p>
            <a href={desk.address("/settings/policies")}>Policies</a>
          </p>
          <h1>{reachTitle(newest)}</h1>
        </div>
        {isEditor && !isEdited && (
          <div class="row tight">
            <button
              type="button"
              class="button primary"
              onClick={() => {
                setSaid(null);
                setEdited(true);
              }}
            >
              {proposes ? "Propose a change" : "Change"}
            </button>
            {newest.ended === null && (
              <button type="button" class="button danger" onClick={() => setEnding(true)}>
                {proposes ? "Propose to end it" : "End it"}
              </button>
            )}
          </div>
        )}
      </div>
      {said !== null && <Notice kind="good">{said}</Notice>}
      {!isEditor && (
        <p class="soft">Editors propose policies and administrators set them; your role is {account.role}.</p>
      )}
      {isEnding && (
        <EndDialog
          policy={newest}
          workspace={desk.workspace.slug}
          isAdmin={isAdmin}
          proposes={proposes}
          close={() => setEnding(false)}
          ended={ended}
        />
      )}
      {isEdited ? (
        <PolicyForm
          desk={desk}
          account={account}
          initial={draftOf(newest)}
          isNew={false}
          secondPerson={answer.second_person}
          saved={saved}
          cancel={() => setEdited(false)}
        />
      ) : (
        <>
          <section class="card stack tight" aria-labelledby="asks">
            <div class="row between">
              <h2 id="asks">What a merge needs</h2>
              <StandingTag policy={newest} />
            </div>
            <p>{newest.asks}</p>
            {newest.from !== null && (
              <p class="soft small">
                {newest.state === "coming" ? "Begins on" : "In force from"} {dateText(newest.from)}
                {newest.ended !== null && ` to ${dateText(newest.ended)}`}
              </p>
            )}
          </section>
          <History versions={answer.versions} />
          <Trial desk={desk} body={bodyOfPolicy(newest)} title="Tried on the past" />
        </>
      )}
    </>
  );
}

function Content(props: { desk: Desk; page: PageProps }): JSX.Element {
  const id = encodeURIComponent(props.page.parts[0] ?? "");
  const policy = useLoad<PolicyVersions>(`/policies/${id}${queryText({ workspace: props.desk.workspace.slug })}`);
  if (policy.error !== null)
    return (
      <>
        <h1>Policy</h1>
        <Failure error={policy.error} retry={policy.reload} />
      </>
    );
  if (policy.value === null)
    return (
      <>
        <h1>Policy</h1>
        <Skeleton height="24rem" />
      </>
    );
  return <One answer={policy.value} desk={props.desk} page={props.page} reload={policy.reload} />;
}

export default function PolicyPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Policy">{(desk) => <Content desk={desk} page={props} />}</WithWorkspace>;
}
