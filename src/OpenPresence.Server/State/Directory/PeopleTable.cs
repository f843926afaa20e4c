using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// All people who have attributes: packed records, found by id and by name, in order of name within each tenant.
/// A <see cref="Person"/> is made when a caller asks for one and belongs to that caller. One writer, readers without
/// locks. At a million people a person costs about 40 bytes beside the packed attributes; a
/// dictionary of objects costs five times that, and full collections of seconds.
/// </summary>
/// <remarks>
/// A reader by name may come while the name moves from one person to another, and then finds neither; it never
/// finds the wrong one, because the record it came to must have the name it sought.
/// </remarks>
internal sealed class PeopleTable
{
    /// <summary>More than fit in the rows' numbers; who announces more is not believed.</summary>
    private const uint PeopleMax = 256 << 20;

    private readonly PersonStore _people = new();
    private readonly TextIndex _names = new(HashOfName);
    private readonly ExternalIds _externalIds;
    private readonly ArrayBufferWriter<byte> _attributes = new();
    private readonly ArrayBufferWriter<byte> _record = new();
    private ImmutableDictionary<Guid, TenantPeople> _tenants = ImmutableDictionary.Create<Guid, TenantPeople>();
    private ImmutableList<TenantPeople> _tenantOfNumber = [];
    private int _epoch;

    public PeopleTable() => _externalIds = new ExternalIds(_people);

    /// <summary>Bytes of packed records, those that wait to be rewritten included.</summary>
    internal long RecordBytes => _people.Capture().Sum(shard => shard.RecordBytes);

    /// <summary>Rows that there is room for.</summary>
    internal int Rows => _people.Capture().Sum(shard => shard.Capacity);

    public bool TryGet(Guid id, [NotNullWhen(true)] out Person? person)
    {
        person = _people.TryRead(id, out var record) ? Make(id, record) : null;
        return person is not null;
    }

    public bool TryGet(string name, [NotNullWhen(true)] out Person? person)
    {
        var folded = new FoldedName(name, stackalloc byte[FoldedName.StackBytes]);
        var search = _names.Seek(folded.Hash());
        while (search.Next() is > 0 and var number)
        {
            // What is compared and what is made must be one reading: the next may find another name.
            if (_people.TryRead(number - 1, out var id, out var record) && folded.CompareTo(record.Name) == 0)
            {
                person = Make(id, record);
                return true;
            }
        }

        person = null;
        return false;
    }

    public bool TryGetByExternalId(Guid tenantId, string externalId, [NotNullWhen(true)] out Person? person)
    {
        person =
            Volatile.Read(ref _tenants).TryGetValue(tenantId, out var tenant)
            && _externalIds.TryFind(tenant.Number, externalId, out var id, out var record)
                ? Make(id, record)
                : null;
        return person is not null;
    }

    /// <summary>The tenant of a person.</summary>
    public bool TryGetTenantOf(Guid id, out Guid tenantId)
    {
        var isKnown = _people.TryRead(id, out var record);
        tenantId = isKnown ? TenantOf(record) : Guid.Empty;
        return isKnown;
    }

    /// <summary>How many people of a tenant there are.</summary>
    public int CountOf(Guid tenantId) =>
        Volatile.Read(ref _tenants).TryGetValue(tenantId, out var tenant)
            ? tenant.Order.Leaves.Sum(leaf => leaf.Length)
            : 0;

    /// <summary>The people of a tenant in order of name; changes meanwhile may or may not be seen.</summary>
    public IEnumerable<Person> Of(Guid tenantId) => RowsOf(tenantId, "").Select(person => person.Unpack());

    /// <summary>
    /// The same without unpacking them, from the first on whose name is not before <paramref name="from"/>. One
    /// object is all of them in turn.
    /// </summary>
    public IEnumerable<PackedPerson> RowsOf(Guid tenantId, string from)
    {
        if (!Volatile.Read(ref _tenants).TryGetValue(tenantId, out var tenant))
        {
            yield break;
        }

        var row = new PackedPerson();
        var last = PackedPerson.Of(new Person(Guid.Empty, tenantId, from, ""));
        var isFirst = true;
        foreach (var address in tenant.Order.From(from, _people))
        {
            // A person who was renamed or replaced on the way stands here twice, or out of order.
            if (TryBecome(row, address) && row.TenantId == tenantId && Compare(last, row) < (isFirst ? 1 : 0))
            {
                isFirst = false;
                yield return row;
                (row, last) = (last, row);
            }
        }
    }

    /// <summary>
    /// Some people of a tenant in order of name, those before them skipped by leaves; changes meanwhile may shift it.
    /// </summary>
    public IEnumerable<Person> Page(Guid tenantId, int skip, int take)
    {
        if (!Volatile.Read(ref _tenants).TryGetValue(tenantId, out var tenant))
        {
            yield break;
        }

        var row = new PackedPerson();
        foreach (var address in tenant.Order.From(skip).Take(take))
        {
            if (TryBecome(row, address) && row.TenantId == tenantId)
            {
                yield return row.Unpack();
            }
        }
    }

    /// <summary>Makes room for a tenant's people; harmless when there is.</summary>
    public void AddTenant(Guid id)
    {
        if (!_tenants.ContainsKey(id))
        {
            var tenant = new TenantPeople(id, _tenantOfNumber.Count);
            Volatile.Write(ref _tenantOfNumber, _tenantOfNumber.Add(tenant));
            Volatile.Write(ref _tenants, _tenants.Add(id, tenant));
        }
    }

    /// <summary>A person has another photo, or none.</summary>
    public DirectoryOutcome SetPhoto(Guid id, PersonPhoto? photo)
    {
        if (!_people.TryFind(id, out var address) || !_people.TryRead(address, out var record))
        {
            return DirectoryOutcome.PersonUnknown;
        }

        var tenant = _tenantOfNumber[record.Tenant];
        var person = Make(id, record) with { Photo = photo };
        _people.Replace(address, Pack(tenant, person), _epoch);
        return DirectoryOutcome.Done;
    }

    /// <summary>A person is new, or has other attributes; a photo is not among them.</summary>
    public DirectoryOutcome Put(Person person)
    {
        if (!_tenants.TryGetValue(person.TenantId, out var tenant))
        {
            return DirectoryOutcome.TenantUnknown;
        }

        var isKnown = _people.TryFind(person.Id, out var address);
        var before = isKnown && _people.TryRead(address, out var found) ? found : default;
        if (isKnown && before.Tenant != tenant.Number)
        {
            return DirectoryOutcome.IdOfAnotherTenant;
        }

        var name = new FoldedName(person.UserPrincipalName, stackalloc byte[FoldedName.StackBytes]);
        if (TryFind(name, out var owner) && !(isKnown && owner == address))
        {
            return DirectoryOutcome.UserPrincipalNameTaken;
        }

        var photo = isKnown ? Make(person.Id, before).Photo : null;
        var record = new PersonRecord(Pack(tenant, person with { Photo = photo }));
        if (_externalIds.IsTaken(record, isKnown ? address : null))
        {
            return DirectoryOutcome.ExternalIdTaken;
        }

        if (!isKnown)
        {
            address = _people.Add(person.Id, record.Whole, _epoch);
            AddName(tenant, name, address);
            _externalIds.Add(record, address);
        }
        else if (!before.Whole.SequenceEqual(record.Whole))
        {
            Replace(tenant, before, record, address);
        }

        return DirectoryOutcome.Done;
    }

    /// <summary>Takes a person out.</summary>
    public DirectoryOutcome Remove(Guid id)
    {
        if (!_people.TryFind(id, out var address) || !_people.TryRead(address, out var record))
        {
            return DirectoryOutcome.PersonUnknown;
        }

        RemoveName(_tenantOfNumber[record.Tenant], record, address);
        _externalIds.Remove(record, address);
        _people.Remove(id, address, _epoch);
        return DirectoryOutcome.Done;
    }

    /// <summary>All people as they are; costs copying 256 references and one for each tenant.</summary>
    public PeopleCut Cut()
    {
        var cut = new PeopleCut(
            _people.Capture(),
            [.. _tenantOfNumber.Select(tenant => (tenant.Id, tenant.Order.Leaves))]
        );
        _epoch++;
        return cut;
    }

    /// <summary>Takes in a tenant's people as a cut wrote them; the tenant must have none.</summary>
    public void Load(Guid tenantId, FrameReader frames)
    {
        var tenant = _tenants[tenantId];
        var addresses = new List<uint>();
        var announced = -1;
        for (var frame = frames.Next(); !frame.IsEmpty; frame = frames.Next())
        {
            var input = new PackedReader(frame);
            if (announced < 0)
            {
                announced = (int)Math.Min(input.Number(), PeopleMax);
                _people.Reserve(announced, _epoch);
                _names.Reserve(announced);
            }

            while (!input.AtEnd)
            {
                addresses.Add(LoadOne(ref input, tenant, addresses));
            }
        }

        if (addresses.Count != announced)
        {
            throw PackedReader.Broken();
        }

        tenant.Order.Load(addresses, _epoch);
    }

    private bool TryFind(in FoldedName name, out uint address)
    {
        var search = _names.Seek(name.Hash());
        while (search.Next() is > 0 and var number)
        {
            address = number - 1;
            if (_people.TryRead(address, out var record) && name.CompareTo(record.Name) == 0)
            {
                return true;
            }
        }

        address = 0;
        return false;
    }

    private uint LoadOne(ref PackedReader input, TenantPeople tenant, List<uint> before)
    {
        var id = input.Id();
        var attributes = input.TextBytes();
        var name = new FoldedName(new PackedReader(attributes).TextBytes(), stackalloc byte[FoldedName.StackBytes]);
        // In order also means: no name twice in the tenant.
        var isInOrder = before.Count == 0 || name.CompareTo(_people.NameAt(before[^1])) > 0;
        if (!isInOrder || _people.TryFind(id, out _))
        {
            throw PackedReader.Broken();
        }

        var record = new PersonRecord(PersonRecord.Pack(tenant.Number, attributes, _record));
        if (_externalIds.IsTaken(record, own: null))
        {
            throw PackedReader.Broken();
        }

        var address = _people.Add(id, record.Whole, _epoch);
        _names.Add(name.Hash(), address, _people);
        _externalIds.Add(record, address);
        return address;
    }

    private bool TryBecome(PackedPerson row, uint address)
    {
        var isThere = _people.TryRead(address, out var id, out var record);
        if (isThere)
        {
            row.Become(id, TenantOf(record), record.Attributes);
        }

        return isThere;
    }

    private static int Compare(PackedPerson x, PackedPerson y) =>
        new FoldedName(x.Name, stackalloc byte[FoldedName.StackBytes]).CompareTo(y.Name);

    private Person Make(Guid id, in PersonRecord record)
    {
        var input = new PackedReader(record.Attributes);
        return PersonPacking.Read(ref input, id, TenantOf(record));
    }

    private Guid TenantOf(in PersonRecord record) => Volatile.Read(ref _tenantOfNumber)[record.Tenant].Id;

    private ReadOnlySpan<byte> Pack(TenantPeople tenant, Person person)
    {
        _attributes.ResetWrittenCount();
        PersonPacking.Write(new PackedWriter(_attributes), person);
        return PersonRecord.Pack(tenant.Number, _attributes.WrittenSpan, _record);
    }

    private void Replace(TenantPeople tenant, in PersonRecord before, in PersonRecord record, uint address)
    {
        // The old name goes first, while the record by which it is found still has it.
        var name = new FoldedName(record.Name, stackalloc byte[FoldedName.StackBytes]);
        var isRenamed = name.CompareTo(before.Name) != 0;
        if (isRenamed)
        {
            RemoveName(tenant, before, address);
        }

        _externalIds.Remove(before, address);
        _people.Replace(address, record.Whole, _epoch);
        _externalIds.Add(record, address);
        if (isRenamed)
        {
            AddName(tenant, name, address);
        }
    }

    private static uint HashOfName(in PersonRecord record) =>
        new FoldedName(record.Name, stackalloc byte[FoldedName.StackBytes]).Hash();

    private void AddName(TenantPeople tenant, in FoldedName name, uint address)
    {
        _names.Add(name.Hash(), address, _people);
        tenant.Order.Insert(name, address, _people, _epoch);
    }

    private void RemoveName(TenantPeople tenant, in PersonRecord record, uint address)
    {
        var name = new FoldedName(record.Name, stackalloc byte[FoldedName.StackBytes]);
        _names.Remove(name.Hash(), address);
        tenant.Order.Remove(name, _people, _epoch);
    }
}
