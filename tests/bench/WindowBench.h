#pragma once

#include "core/base/File.h"
#include "core/base/Random.h"
#include "tests/bench/DenseNetwork.h"
#include "ui/session/Session.h"
#include "ui/theme/Theme.h"
#include "ui/train/TrainPage.h"

#include <QApplication>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <vector>

namespace limpid {

template<class Ready>
void waitUntil(Ready&& ready)
{
    QEventLoop loop;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        if (ready())
            loop.quit();
    });
    timer.start(5);
    loop.exec();
}

inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// The window's Train page, offscreen, over a made-up table of two classes and 30 numbers; a session ready to train 30-64-64-1
/// on it (batch 32, Adam, one thread).
struct WindowBench {
    explicit WindowBench(QApplication& application) : queue(JobQueue::Options{}), runner(queue), theme(&application), session(runner, nullptr), page(session, theme)
    {
        writeFileAtomically(dir.filePath("rows.csv").toStdString(), madeUp());
        page.resize(1368, 780);
        page.show();
        session.openWorkspace(dir.filePath("workspace"));
        session.openFile(dir.filePath("rows.csv"));
        waitUntil([&] { return session.isReady() && session.data() && session.plan(); });
        TrainRequest request = session.request();
        request.pipeline.target = "y";
        request.network = dense({numbers, 64, 64, 1});
        request.train.optimizer = "Adam";
        request.train.schedule = "constant";
        request.train.learningRate = 1e-4;
        request.train.batchSize = 32;
        request.train.patience = 0;
        session.setRequest(request, "bench");
        waitUntil([&] { return session.plan() && session.plan()->network == *request.network; });
    }
    ~WindowBench() { session.close(); }

    static constexpr int numbers = 30, rows = 10'240;
    static std::string madeUp()
    {
        Random random(1, "bench");
        std::string csv;
        for (int i = 0; i < numbers; ++i)
            csv += "x" + std::to_string(i) + ",";
        csv += "y\n";
        for (int row = 0; row < rows; ++row) {
            double sum = 0.0;
            for (int i = 0; i < numbers; ++i) {
                const double value = random.normal();
                sum += i % 3 == 0 ? value : 0.0;
                csv += std::to_string(value) + ",";
            }
            csv += sum > 0.0 ? "yes\n" : "no\n";
        }
        return csv;
    }

    QTemporaryDir dir;
    JobQueue queue;
    JobRunner runner;
    Theme theme;
    Session session;
    TrainPage page;
};

} // namespace limpid
