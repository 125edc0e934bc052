#include "core/workbench/Study.h"
#include "ui/session/Session.h"
#include "ui/session/SessionPrivate.h"
#include "ui/text/Messages.h"

// Session's part about studies: their runs are recorded by a job, then each is a job of its own.

namespace limpid {

void Session::Private::startStudy(const TrainRequest& request)
{
    JobRunner::Options options;
    options.kind = "plan";
    options.subject = request.name.empty() ? q.m_data->path.stem().string() : request.name;
    const TrainCost cost = q.m_plan ? estimateTraining(*q.m_plan, request.train) : TrainCost();
    q.m_jobs.run(
        options, &q,
        [workspace = q.m_workspace, data = q.m_data, request](Task& task) { return beginStudy(*workspace, *data, request, task); },
        [this, workspace = q.m_workspace, data = q.m_data, request, cost](const std::vector<RunRecord>& runs) {
            const std::vector<TrainRequest> requests = studyRequests(request);
            std::vector<std::shared_ptr<LiveRun>> lives;
            std::vector<JobQueue::Job> jobs;
            for (std::size_t i = 0; i < runs.size(); ++i) {
                auto live = std::make_shared<LiveRun>();
                live->id = runs[i].id;
                live->request = requests[i];
                live->network = networkOf(requests[i]);
                const StudyPart& place = *runs[i].study;
                live->name = QStringLiteral("%1, %2").arg(QString::fromStdString(runs[i].name),
                                                          studyPartText(std::string(studyKindName(place.kind)), place.part, place.parts));
                ResumeRequest part;
                part.run = runs[i].id;
                part.data = data;
                jobs.push_back(follow(live, cost, [workspace, part](const TrainObserver& observer, const RunListener& onRun, Task& task, TrainControl* control) {
                    return resumeRun(*workspace, part, observer, onRun, task, control);
                }));
                lives.push_back(std::move(live));
            }
            submit(std::move(lives), std::move(jobs));
            q.refreshRegistry();
        },
        [this](const std::exception_ptr& failure) { emit q.failed(sentenceOf(failure)); });
}

} // namespace limpid
