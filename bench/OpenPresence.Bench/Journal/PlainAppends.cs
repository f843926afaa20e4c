using System.Threading.Tasks.Sources;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Appending;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Bench.Journal;

/// <summary>
/// What every ceiling of appends shares: records of the same size as the journal's frames, gathered in the same way, stored
/// together by one thread. No checksum, no positions, no ids, no readers, no way to read it back.
/// </summary>
internal abstract class PlainAppends : IAppendTarget
{
    protected const int BufferBytes = 1 << 20;

    private readonly object _gate = new();
    private readonly Thread _thread;
    private readonly byte[] _buffer = GC.AllocateArray<byte>(BufferBytes, pinned: true);
    private readonly Gathering _gathering = new();
    private List<PlainWaiter> _filling = [];
    private List<PlainWaiter> _writing = [];
    private int _count;
    private bool _closed;

    protected PlainAppends() => _thread = new Thread(Run) { IsBackground = true };

    public ValueTask<Appended> AppendAsync(Guid id, byte[] payload)
    {
        var waiter = PlainWaiter.Rent(id, payload);
        var task = new ValueTask<Appended>(waiter, waiter.Version);
        lock (_gate)
        {
            _filling.Add(waiter);
            if (++_count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return task;
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>To be called once all is ready.</summary>
    protected void Start() => _thread.Start();

    /// <summary>Makes records durable.</summary>
    protected abstract void Store(ReadOnlyMemory<byte> records, int count);

    protected abstract void Close();

    private void Run()
    {
        while (Take())
        {
            var bytes = 0;
            foreach (var waiter in _writing)
            {
                bytes += waiter.WriteTo(_buffer.AsSpan(bytes));
            }

            Store(_buffer.AsMemory(0, bytes), _writing.Count);
            PlainCompletions.Queue([.. _writing]);
            _writing.Clear();
        }
    }

    private bool Take()
    {
        lock (_gate)
        {
            while (_count == 0 && !_closed)
            {
                _ = Monitor.Wait(_gate);
            }
        }

        _gathering.Wait(ref _count);
        lock (_gate)
        {
            (_writing, _filling) = (_filling, _writing);
            _count = 0;
            return _writing.Count > 0;
        }
    }

    private sealed class PlainCompletions(PlainWaiter[] waiters, int first) : IThreadPoolWorkItem
    {
        private const int WaitersPerItem = 32;

        public static void Queue(PlainWaiter[] waiters)
        {
            for (var first = 0; first < waiters.Length; first += WaitersPerItem)
            {
                _ = ThreadPool.UnsafeQueueUserWorkItem(new PlainCompletions(waiters, first), preferLocal: false);
            }
        }

        public void Execute()
        {
            foreach (var waiter in waiters.AsSpan(first, Math.Min(WaitersPerItem, waiters.Length - first)))
            {
                waiter.Complete();
            }
        }
    }

    private sealed class PlainWaiter : IValueTaskSource<Appended>
    {
        [ThreadStatic]
        private static PlainWaiter? s_spare;

        private ManualResetValueTaskSourceCore<Appended> _core;
        private PlainWaiter? _next;
        private Guid _id;
        private byte[] _payload = [];

        public short Version => _core.Version;

        public static PlainWaiter Rent(Guid id, byte[] payload)
        {
            var waiter = s_spare ?? new PlainWaiter();
            s_spare = waiter._next;
            (waiter._id, waiter._payload) = (id, payload);
            return waiter;
        }

        public int WriteTo(Span<byte> to)
        {
            var bytes = Frame.BytesOf(_payload.Length);
            _ = _id.TryWriteBytes(to);
            _payload.CopyTo(to[Frame.HeaderBytes..]);
            return bytes;
        }

        public void Complete() => _core.SetResult(default);

        public Appended GetResult(short token)
        {
            var appended = _core.GetResult(token);
            _core.Reset();
            (_next, s_spare) = (s_spare, this);
            return appended;
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags
        ) => _core.OnCompleted(continuation, state, token, flags);
    }
}
