import type { ComponentType, JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { isUnreachable, whenSignedOut } from "./api/client";
import { lostAnswer, whenBack } from "./api/reach";
import { type Account, type Session, atLeast, loadSession, signOut, whenAnotherTabChanges } from "./api/session";
import { Empty, Failure, Skeleton } from "./components/parts";
import { StatusBar } from "./components/status_bar";
import { WhomToAsk } from "./components/whom_to_ask";
import { Menu } from "./menu";
import { Join, Setup, SignIn } from "./pages/account/door";
import { type PageProps, findPage } from "./pages/pages";
import { go, usePlace } from "./router";

const SESSION_IS_FRESH = 30_000; // milliseconds; a tab that one comes back to asks again after that

const JOIN = "/join"; // the secret of the invitation stands behind #

function PageAt(props: { account: Account; path: string }): JSX.Element {
  const found = findPage(props.path);
  const page = found?.page ?? null;
  const [loaded, setLoaded] = useState<{ path: string; Content: ComponentType<PageProps> } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const failed = useRef<string | null>(null);
  useEffect(() => whenBack(() => setTurn((n) => n + 1)), []);
  useEffect(() => {
    document.title = page ? `${page.title} · Plumbline` : "Plumbline";
    if (!page) return;
    let isCurrent = true;
    setError(null);
    page
      .load()
      .then((module) => isCurrent && setLoaded({ path: page.path, Content: module.default }))
      .catch((fault: unknown) => {
        if (!isCurrent) return;
        // The server may be away: it is tried again when it is back, once.
        if (failed.current === page.path) setError(fault);
        else lostAnswer();
        failed.current = page.path;
      });
    return () => {
      isCurrent = false;
    };
  }, [page?.path, turn]);
  if (props.path === JOIN)
    return <Empty>You are signed in already as {props.account.name}. Sign out first to take an invitation.</Empty>;
  if (!found || !page) return <Empty>There is no page at this address.</Empty>;
  if (!atLeast(props.account, page.role))
    return (
      <>
        <h1>{page.title}</h1>
        <Empty>
          <p>
            This page is for the role {page.role}; yours is {props.account.role}. Any administrator can change it.
          </p>
          <WhomToAsk />
        </Empty>
      </>
    );
  // The part of the application that is missing here may be there after an update.
  if (error !== null) return <Failure error={error} retry={() => location.reload()} />;
  if (loaded?.path !== page.path)
    return (
      <>
        <h1>{page.title}</h1>
        <Skeleton height="20rem" />
      </>
    );
  return <loaded.Content account={props.account} parts={found.parts} />;
}

export function App(): JSX.Element {
  const { path } = usePlace();
  const before = useRef(path);
  useEffect(() => {
    // The link that was followed may be gone with its page; whoever reads by ear goes on at the new one's beginning.
    if (before.current !== path) document.getElementById("main")?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  const [session, setSession] = useState<Session | null>(null);
  const [error, setError] = useState<unknown>(null);
  const last = useRef({ at: 0, version: "", wasSignedIn: false });
  const [isOutdated, setOutdated] = useState(false);
  const refresh = useCallback(() => {
    last.current.at = Date.now();
    loadSession()
      .then((answer) => {
        setOutdated((before) => before || (last.current.version !== "" && last.current.version !== answer.version));
        last.current.version = answer.version;
        last.current.wasSignedIn ||= answer.account !== null;
        setSession(answer);
        setError(null);
      })
      .catch((fault: unknown) => {
        // What is on the page stays there; the status bar says that nobody answers.
        if (!isUnreachable(fault) || last.current.version === "") setError(fault);
      });
  }, []);
  useEffect(() => {
    const onVisible = (): void => {
      if (document.visibilityState === "visible" && Date.now() - last.current.at > SESSION_IS_FRESH) refresh();
    };
    whenSignedOut(refresh);
    whenAnotherTabChanges(refresh);
    whenBack(refresh);
    document.addEventListener("visibilitychange", onVisible);
    refresh();
  }, []);
  const enter = (): void => {
    if (path === JOIN) go("/", { replace: true });
    refresh();
  };
  const leave = (): void => {
    signOut()
      .then(() => {
        last.current.wasSignedIn = false;
        refresh();
      })
      .catch((fault: unknown) => setError(fault));
  };

  if (error !== null)
    return (
      <main class="door">
        <Failure error={error} retry={refresh} />
      </main>
    );
  if (session === null) return <Skeleton height="60vh" />;
  if (session.account === null) {
    if (path === JOIN) return <Join secret={location.hash.slice(1)} done={enter} />;
    return session.setup_needed ? <Setup done={enter} /> : <SignIn hasEnded={last.current.wasSignedIn} done={enter} />;
  }
  return (
    <div class="shell">
      <a class="skip" href="#main">
        To the content
      </a>
      <Menu account={session.account} path={path} leave={leave} />
      <main class="shell-main" id="main" tabIndex={-1}>
        <PageAt account={session.account} path={path} />
      </main>
      <StatusBar isOutdated={isOutdated} />
    </div>
  );
}
