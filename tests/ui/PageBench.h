#pragma once

#include "tests/support/TestSupport.h"
#include "ui/session/Session.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QTest>

namespace limpid::test {

/// A page shown over a session on a workspace of its own, as the window builds it.
template<class Page>
struct PageBench {
    explicit PageBench(const QString& folder)
        : queue(2), runner(queue), theme(qApp), session(runner, nullptr), page(session, theme)
    {
        page.resize(1368, 780);
        page.show();
        session.openWorkspace(folder);
    }
    ~PageBench() { session.close(); }

    template<class T>
    T* find(const char* name) { return page.template findChild<T*>(name); }

    JobQueue queue;
    JobRunner runner;
    Theme theme;
    Session session;
    Page page;
};

/// Two columns of which the first decides the class, so that a few epochs learn it.
inline QString easyTable(const QTemporaryDir& dir)
{
    QByteArray text = "size,weight,kind\n";
    for (int i = 0; i < 120; ++i)
        text += QByteArray::number(i % 40) + ',' + QByteArray::number((i * 7) % 11 + 0.5) + ',' + (i % 40 < 20 ? "small" : "large") + '\n';
    return QString::fromStdString(write(dir, "things.csv", text).string());
}

/// Opens the file and trains a model on it. Where that does not come about the test has failed and the answer is false.
template<class Page>
bool trainModel(PageBench<Page>& bench, const QString& file, const char* target, int epochs, const std::string& preset = {})
{
    const auto planned = [&] { return bench.session.plan() && bench.session.plan()->pipeline.spec().target == target; };
    if (!QTest::qWaitFor([&] { return bench.session.isReady(); }, 5000))
        return false;
    bench.session.openFile(file);
    if (!QTest::qWaitFor([&] { return bench.session.plan() != nullptr; }, 5000))
        return false;
    TrainRequest request = bench.session.request();
    request.pipeline.target = target;
    request.train.epochs = epochs;
    if (!preset.empty())
        request.preset = preset;
    bench.session.setRequest(request, "test");
    if (!QTest::qWaitFor(planned, 5000))
        return false;
    bench.session.startTraining();
    return QTest::qWaitFor([&] { return !bench.session.models().empty(); }, 30000);
}

} // namespace limpid::test
