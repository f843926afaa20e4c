package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	khttp "github.com/microsoft/kiota-http-go"
	msgraphcore "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"
)

const requestsUntilThrottledMax = 100

func batch(ctx context.Context) error {
	requests := msgraphcore.NewBatchRequest(app.GetAdapter())
	add := func(request *abstractions.RequestInformation, err error) (msgraphcore.BatchItem, error) {
		if err != nil {
			return nil, err
		}
		return requests.AddBatchRequestStep(*request)
	}
	read, err := add(app.Users().ByUserId(mara).Presence().ToGetRequestInformation(ctx, nil))
	if err != nil {
		return err
	}
	missing, err := add(app.Users().ByUserId(nobody).Presence().ToGetRequestInformation(ctx, nil))
	if err != nil {
		return err
	}
	write, err := add(app.Users().ByUserId(viktor).Presence().SetPresence().
		ToPostRequestInformation(ctx, session("Busy", "InACall"), nil))
	if err != nil {
		return err
	}

	answers, err := requests.Send(ctx, app.GetAdapter())
	if err != nil {
		return err
	}
	presence, err := msgraphcore.GetBatchResponseById[models.Presenceable](
		answers, text(read.GetId()), models.CreatePresenceFromDiscriminatorValue)
	if err := shows(presence, err, mara, "Busy/InAMeeting"); err != nil {
		return err
	}
	codes := answers.GetStatusCodes()
	return errors.Join(
		holds(codes[text(missing.GetId())] == 404 && codes[text(write.GetId())] == 200, "statuses %v", codes),
		viktorShows(ctx, "Busy/InACall"),
		clearSession(ctx))
}

func asShown(ctx context.Context) error {
	_, err := app.Users().ByUserId(nobody).Presence().Get(ctx, nil)
	missing, wrong := asOData(err)
	if wrong != nil {
		return wrong
	}
	inner := missing.GetErrorEscaped().GetInnerError()

	ids := make([]string, 651)
	for i := range ids {
		ids[i] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	many := communications.NewGetPresencesByUserIdPostRequestBody()
	many.SetIds(ids)
	_, err = app.Communications().GetPresencesByUserId().PostAsGetPresencesByUserIdPostResponse(ctx, many, nil)
	tooMany, wrong := asOData(err)
	if wrong != nil {
		return wrong
	}

	place := users.NewItemPresenceSetManualLocationPostRequestBody()
	place.SetWorkLocationType(to(models.OFFICE_WORKLOCATIONTYPE))
	denied := app.Users().ByUserId(viktor).Presence().SetManualLocation().Post(ctx, place, nil)
	own := session("Busy", "InACall")
	own.SetSessionId(to(publicClient))
	other := person.Users().ByUserId(mara).Presence().SetPresence().Post(ctx, own, nil)
	_, ownOfApplication := app.Me().Presence().Get(ctx, nil)
	return errors.Join(
		refused(missing, 404, "Request_ResourceNotFound"),
		holds(inner.GetRequestId() != nil && inner.GetDate() != nil, "no inner error"),
		refused(set(ctx, "Busy", "Available"), 400, ""),
		holds(strings.Contains(text(tooMany.GetErrorEscaped().GetMessage()), "650"), "650 is not named"),
		refused(denied, 403, "Forbidden"),
		refused(other, 401, ""),
		refused(ownOfApplication, 400, ""))
}

func hostNotAllowed(ctx context.Context) error {
	credential, err := applicationAt(graphURL)
	if err != nil {
		return err
	}
	client, err := graphAt(graphURL, credential, "graph.microsoft.com")
	if err != nil {
		return err
	}
	_, err = client.Users().ByUserId(mara).Presence().Get(ctx, nil)
	sent, wrong := asOData(err)
	if wrong != nil {
		return wrong
	}
	said := text(sent.GetErrorEscaped().GetMessage())
	return errors.Join(refused(err, 401, ""), holds(strings.Contains(said, "allowed hosts"), "%s", said))
}

func throttled(ctx context.Context) error {
	if throttledURL == "" {
		return fmt.Errorf("%w: no THROTTLED_URL", errSkipped)
	}
	credential, err := applicationAt(throttledURL)
	if err != nil {
		return err
	}
	client, err := graphAt(throttledURL, credential, "localhost")
	if err != nil {
		return err
	}
	never := &khttp.RetryHandlerOptions{
		ShouldRetry: func(time.Duration, int, *http.Request, *http.Response) bool { return false }}
	atOnce := &users.ItemPresenceRequestBuilderGetRequestConfiguration{Options: []abstractions.RequestOption{never}}
	maras := client.Users().ByUserId(mara).Presence()
	for range requestsUntilThrottledMax {
		if _, err = maras.Get(ctx, atOnce); err != nil {
			break
		}
	}
	sent, wrong := asOData(err)
	if wrong != nil {
		return wrong
	}
	if err := refused(sent, 429, "TooManyRequests"); err != nil {
		return err
	}

	wait, err := strconv.ParseFloat(sent.GetResponseHeaders().Get("Retry-After")[0], 64)
	if err != nil {
		return err
	}
	start := time.Now()
	presence, err := maras.Get(ctx, nil)
	return errors.Join(
		shows(presence, err, mara, "Busy/InAMeeting"),
		holds(time.Since(start).Seconds() > wait-1.5, "the client waited %v and not %v s", time.Since(start), wait))
}
