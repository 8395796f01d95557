import { useState } from 'preact/hooks';
import { service } from './service.ts';

/** Asks for the service's token, and exchanges it for a cookie. */
export function SignIn({ onDone }: { readonly onDone: () => void }) {
  const [problem, setProblem] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget as HTMLFormElement).get('token') ?? '');
    service.openSession(token).then(onDone, (error: Error) => setProblem(error.message));
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      <h1>This service asks for its token</h1>
      <label>
        <span>Token</span>
        <input name="token" type="password" required autocomplete="current-password" />
      </label>
      <button type="submit" class="primary">
        Go on
      </button>
      <p class="problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
