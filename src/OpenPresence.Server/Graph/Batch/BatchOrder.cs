namespace OpenPresence.Server.Graph.Batch;

/// <summary>What the requests of a batch say of each other: unique ids, dependencies that can be met.</summary>
public static class BatchOrder
{
    /// <summary>Adds a fault for an id that stands twice, an unknown dependency, a circle.</summary>
    public static void Check(IReadOnlyList<BatchRequest> requests, BatchFaults faults)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < requests.Count; i++)
        {
            var id = requests[i].Id;
            if (id.Length > 0 && !ids.Add(id))
            {
                faults.Add(
                    $"requests[{i}].id",
                    "Another request of the batch has this id; letter case does not count.",
                    $"Request Id {id} has to be unique in a batch."
                );
            }
        }
        for (var i = 0; i < requests.Count; i++)
        {
            foreach (var id in requests[i].DependsOn.Where(id => !ids.Contains(id)))
            {
                faults.Add($"requests[{i}].dependsOn", $"No request of the batch has the id '{id}'.");
            }
        }
        if (faults.IsEmpty && Of(requests).Count < requests.Count)
        {
            var rest = requests.Except(Of(requests)).Select(request => $"'{request.Id}'");
            faults.Add("requests", $"These wait for each other: {string.Join(", ", rest)}.");
        }
    }

    /// <summary>The requests, each behind those that it depends on; those in a circle are left out.</summary>
    public static IReadOnlyList<BatchRequest> Of(IReadOnlyList<BatchRequest> requests)
    {
        var ordered = new List<BatchRequest>(requests.Count);
        var done = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int before;
        do
        {
            before = ordered.Count;
            foreach (var request in requests)
            {
                if (!done.Contains(request.Id) && request.DependsOn.All(done.Contains))
                {
                    ordered.Add(request);
                    done.Add(request.Id);
                }
            }
        } while (ordered.Count > before);
        return ordered;
    }
}
