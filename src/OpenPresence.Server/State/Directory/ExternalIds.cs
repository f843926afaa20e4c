using System.Text;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// From what an identity provider calls a person to the person. It counts within the tenant and in its very
/// spelling. Holds addresses alone, about six bytes for each person who has one.
/// </summary>
internal sealed class ExternalIds(PersonStore people)
{
    private readonly TextIndex _index = new((in record) => HashOf(record.Tenant, record.ExternalId));

    /// <summary>Whose it is, in one reading: the next may find another person at the address.</summary>
    public bool TryFind(int tenant, string externalId, out Guid id, out PersonRecord record)
    {
        var text = Encoding.UTF8.GetBytes(externalId);
        return TryFind(tenant, text, out _, out id, out record);
    }

    /// <summary>Whether another person has the external id of the record.</summary>
    /// <param name="wanted">The record, or one that is to be.</param>
    /// <param name="own">The address of its person; null: the person is new.</param>
    public bool IsTaken(in PersonRecord wanted, uint? own) =>
        TryFind(wanted.Tenant, wanted.ExternalId, out var holder, out _, out _) && holder != own;

    /// <summary>Adds the address of a record, if it has an external id.</summary>
    public void Add(in PersonRecord record, uint address)
    {
        if (!record.ExternalId.IsEmpty)
        {
            _index.Add(HashOf(record.Tenant, record.ExternalId), address, people);
        }
    }

    /// <summary>Takes out the address of a record, if it has an external id.</summary>
    public void Remove(in PersonRecord record, uint address)
    {
        if (!record.ExternalId.IsEmpty)
        {
            _index.Remove(HashOf(record.Tenant, record.ExternalId), address);
        }
    }

    private bool TryFind(int tenant, ReadOnlySpan<byte> text, out uint address, out Guid id, out PersonRecord record)
    {
        address = 0;
        id = default;
        record = default;
        if (text.IsEmpty)
        {
            return false;
        }

        var search = _index.Seek(HashOf(tenant, text));
        while (search.Next() is > 0 and var number)
        {
            address = number - 1;
            if (
                people.TryRead(address, out id, out record)
                && record.Tenant == tenant
                && record.ExternalId.SequenceEqual(text)
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Keyed anew in every process, so that no caller can choose ids that collide.</summary>
    private static uint HashOf(int tenant, ReadOnlySpan<byte> externalId)
    {
        var hash = new HashCode();
        hash.Add(tenant);
        hash.AddBytes(externalId);
        return (uint)hash.ToHashCode();
    }
}
