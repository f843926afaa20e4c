namespace OpenPresence.Server.Journal.Appending;

/// <summary>Tells those whose appends were dealt with together what became of them, on the thread pool.</summary>
internal static class BatchAnswers
{
    /// <summary>Each has the outcome that stands in it.</summary>
    public static void Complete(ReadOnlySpan<PendingAppend> answered)
    {
        AppendWaiter[] waiters = [];
        var count = 0;
        foreach (ref readonly var append in answered)
        {
            if (append.Waiter is { } waiter)
            {
                waiters = count == 0 ? new AppendWaiter[answered.Length] : waiters;
                waiters[count++] = waiter;
            }
        }

        AppendCompletions.Queue(waiters, count);
    }

    /// <summary>They were not appended, or it is not known.</summary>
    public static void Fail(ReadOnlySpan<PendingAppend> failed, string why, Exception? cause)
    {
        foreach (var append in failed)
        {
            var failure = new JournalUnavailableException(why, cause);
            if (append.Waiter is { } waiter)
            {
                waiter.Fail(failure);
            }
            else
            {
                FailLater((IAppender)append.Companion!, failure);
            }
        }

        Complete(failed);
    }

    /// <summary>Their ids had been appended before, and no reader will bring them their entries.</summary>
    public static void FailRepeated(List<IAppender> repeated)
    {
        foreach (var appender in repeated)
        {
            FailLater(appender, new InvalidOperationException("The id was appended before."));
        }

        repeated.Clear();
    }

    public static void FailLater(IAppender appender, Exception failure) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static told => told.appender.Fail(told.failure),
            (appender, failure),
            preferLocal: false
        );
}
