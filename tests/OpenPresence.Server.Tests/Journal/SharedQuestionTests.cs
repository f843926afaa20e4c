using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Tests.Journal;

public sealed class SharedQuestionTests
{
    [Fact]
    public async Task Who_asks_while_one_is_under_way_shares_the_next()
    {
        List<TaskCompletionSource<int>> asked = [];
        var question = new SharedQuestion<int>(() =>
        {
            var answer = new TaskCompletionSource<int>();
            asked.Add(answer);
            return answer.Task;
        });

        var first = question.AskAsync();
        var second = question.AskAsync();
        var third = question.AskAsync();
        Assert.Single(asked);
        asked[0].SetResult(1);
        Assert.Equal(1, await first);
        await Eventually.IsSoAsync(() => asked.Count == 2);
        asked[1].SetResult(2);

        Assert.Equal((2, 2), (await second, await third));
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task A_question_that_failed_fails_nobody_who_asked_later()
    {
        var answers = new Queue<Task<int>>([Task.FromException<int>(new TimeoutException()), Task.FromResult(7)]);
        var question = new SharedQuestion<int>(() => answers.Dequeue());

        await Assert.ThrowsAsync<TimeoutException>(question.AskAsync);
        Assert.Equal(7, await question.AskAsync());
    }
}
