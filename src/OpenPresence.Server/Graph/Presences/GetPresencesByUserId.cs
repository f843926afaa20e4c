using System.Buffers;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Reads the presence of up to 650 people in one call.</summary>
/// <remarks>
/// <para>Route: POST /communications/getPresencesByUserId</para>
/// <para>Permissions: Presence.Read.All; application: Presence.Read.All.</para>
/// <para>Body: { "ids": [GUID, …] }, 1 to 650 distinct ids.</para>
/// <para>Answers: 200 value[] in the order of the ids, one for each place an id stands at; whoever the tenant
/// does not know is PresenceUnknown; 400 ids missing, empty, no array, no GUID, too many; 401; 403; 413; 415; 429.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid</para>
/// </remarks>
public static class GetPresencesByUserId
{
    private static readonly string[] Supported = ["select"];

    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        var members = PresenceSelection.SchemaOf(call.Cloud);
        var refusal = QueryOptions.Parse(call, Supported, out var query);
        if (refusal is null && query.Select is { } select)
        {
            refusal = PresenceSelection.Parse(select, PresenceSelection.SchemaOf(call.Cloud), out members);
        }
        if (refusal is not null)
        {
            return refusal;
        }
        using var body = await BodyReader.ReadAsync(call.Http.Request, call.Http.RequestAborted);
        if (body.Refusal is not null)
        {
            return body.Refusal;
        }
        return Answer(call, body.Bytes.Span, members);
    }

    private static Refusal? Answer(GraphCall call, ReadOnlySpan<byte> body, PresenceMembers members)
    {
        var scratch = scratchOfThread ??= new Scratch();
        var scan = IdScanner.Scan(body, scratch.Ids, scratch.TextAt);
        if (scan.Fault != IdFault.None)
        {
            return RefusalOf(scan);
        }
        var ids = scratch.Ids.AsSpan(0, scan.Count);
        var found = scratch.Found.AsSpan(0, scan.Count);
        call.Server.Board.FindMany(ids, found);
        new Composer(call, PresenceTemplates.Of(members), members).Write(ids, found);
        return null;
    }

    private static Refusal RefusalOf(IdScan scan) =>
        scan.Fault == IdFault.Malformed
            ? BodyReader.Unreadable("body", "The body is not valid JSON.")
            : new Refusal(RefusalKind.BadRequest, WordsFor(scan))
            {
                Target = scan.Fault == IdFault.NotAGuid ? $"ids[{scan.FaultAt}]" : "ids",
            };

    private static string WordsFor(IdScan scan) =>
        scan.Fault switch
        {
            IdFault.NotAnObject => "The body must be a JSON object with the member 'ids'.",
            IdFault.Missing => "The member 'ids' is missing.",
            IdFault.Repeated => "The member 'ids' is given more than once.",
            IdFault.NotAnArray => "The member 'ids' must be an array of GUIDs.",
            IdFault.Empty => "The member 'ids' is empty: it takes 1 to 650 ids.",
            IdFault.NotAGuid => $"ids[{scan.FaultAt}] is not a GUID.",
            _ => $"The member 'ids' holds more than {IdScanner.IdsMax} distinct ids.",
        };

    /// <summary>A request uses these from scan to answer without waiting, so a thread needs one.</summary>
    private sealed class Scratch
    {
        public readonly Guid[] Ids = new Guid[IdScanner.ElementsMax];
        public readonly int[] TextAt = new int[IdScanner.ElementsMax];
        public readonly PersonEntry[] Found = new PersonEntry[IdScanner.ElementsMax];
    }

    [ThreadStatic]
    private static Scratch? scratchOfThread;

    /// <summary>Measures the answer first, so that it can be written in one piece with its length.</summary>
    private readonly ref struct Composer(GraphCall call, PresenceTemplates templates, PresenceMembers members)
    {
        private readonly ArrayBufferWriter<byte> details = new();

        public void Write(ReadOnlySpan<Guid> ids, Span<PersonEntry> found)
        {
            var known = call.Server.Board.Tenants.TryGet(call.Caller.TenantId, out var tenant);
            var opening = call.Root.BulkOpening;
            // A brace each, commas between, "]}".
            var length = opening.Length + ids.Length * 2 - 1 + 2;
            for (var i = 0; i < ids.Length; i++)
            {
                length += Measure(ids[i], ref found[i], known, tenant);
            }
            var target = Graph.Answer.Begin(call, length);
            opening.CopyTo(target);
            var at = opening.Length;
            var detail = details.WrittenSpan;
            for (var i = 0; i < ids.Length; i++)
            {
                target[at++] = (byte)'{';
                at += Put(target[at..], found[i], ref detail);
                target[at++] = (byte)',';
            }
            "]}"u8.CopyTo(target[(at - 1)..]); // over the last comma
            Graph.Answer.End(call, length);
        }

        /// <summary>Bytes of one presence; people with details are rendered here, in order.</summary>
        private int Measure(in Guid id, ref PersonEntry entry, bool known, ushort tenant)
        {
            if (!known || entry.Tenant != tenant || entry.Id == Guid.Empty)
            {
                entry = new PersonEntry(id, 0, 0, 0, PersonFlags.None, 0); // PresenceUnknown
            }
            else if (entry.HasSideData)
            {
                return Render(ref entry, tenant);
            }
            return templates.For(entry).Length;
        }

        private int Render(ref PersonEntry entry, ushort tenant)
        {
            if (!call.Server.Board.TryRead(tenant, entry.Id, out var view))
            {
                entry = new PersonEntry(entry.Id, 0, 0, 0, PersonFlags.None, 0); // removed just now
                return templates.For(entry).Length;
            }
            entry = view.Entry;
            if (view.Side is null)
            {
                return templates.For(entry).Length;
            }
            var before = details.WrittenCount;
            PresenceJson.WriteTail(details, view, members, entry.Id == call.Caller.UserId);
            // The row is not needed any more: it carries the length to the second pass.
            entry = entry with
            {
                Row = details.WrittenCount - before,
            };
            return entry.Row;
        }

        private int Put(Span<byte> target, in PersonEntry entry, ref ReadOnlySpan<byte> detail)
        {
            if (!entry.HasSideData)
            {
                return templates.For(entry).Write(target, entry);
            }
            detail[..entry.Row].CopyTo(target);
            detail = detail[entry.Row..];
            return entry.Row;
        }
    }
}
