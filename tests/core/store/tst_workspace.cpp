#include "core/base/File.h"
#include "core/base/Random.h"
#include "tests/core/store/StoreSupport.h"
#include "tests/support/TestSupport.h"

#include <cmath>
#include <limits>
#include <thread>

using namespace limpid;
using namespace limpid::test;
using nlohmann::json;

class TestWorkspace : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;

private slots:
    void init()
    {
        std::filesystem::remove_all(workspaceIn(m_dir));
        m_workspace = std::make_unique<Workspace>(workspaceIn(m_dir));
    }

    void runIsKeptAsItWas()
    {
        RunRecord run = makeRun("iris");
        run.id = m_workspace->beginRun(run);
        QCOMPARE(m_workspace->run(run.id).status, RunStatus::Running);
        m_workspace->keepCheckpoint(run.id, 2, makeWeights(1));
        run.status = RunStatus::Finished;
        run.metrics = {{"validation", {{"accuracy", 0.96}}}, {"confusion", {1, 0, 0, 1}}};
        run.epochs = 9;
        run.bestEpoch = 4;
        run.seconds = 1.5;
        m_workspace->endRun(run);

        m_workspace = nullptr;
        m_workspace = std::make_unique<Workspace>(workspaceIn(m_dir));
        const std::vector<RunRecord> runs = m_workspace->runs();
        QCOMPARE(runs.size(), std::size_t(1));
        const RunRecord& kept = runs.front();
        QCOMPARE(kept.id, run.id);
        QCOMPARE(kept.name, run.name);
        QCOMPARE(kept.status, RunStatus::Finished);
        QVERIFY(kept.startedMs > 1'600'000'000'000 && kept.endedMs >= kept.startedMs);
        QVERIFY(kept.data == run.data && kept.split == run.split && kept.pipeline == run.pipeline
                && kept.network == run.network && kept.settings == run.settings && kept.build == run.build
                && kept.metrics == run.metrics);
        QCOMPARE(kept.epochs, 9);
        QCOMPARE(kept.bestEpoch, 4);
        QCOMPARE(kept.seconds, 1.5);
        QVERIFY(kept.failure.empty());
    }

    void runsAreNewestFirstAndIdsNeverComeAgain()
    {
        RunRecord run = makeRun("a");
        run.status = RunStatus::Failed;
        run.failure = "TrainingDiverged";
        run.id = m_workspace->beginRun(run);
        m_workspace->endRun(run);
        RunRecord second = makeRun("b");
        second.id = m_workspace->beginRun(second);
        second.status = RunStatus::Stopped;
        m_workspace->endRun(second);
        QCOMPARE(m_workspace->runs().front().name, std::string("b"));
        QCOMPARE(m_workspace->runs().back().failure, std::string("TrainingDiverged"));

        m_workspace->deleteRun(second.id);
        const std::int64_t third = m_workspace->beginRun(makeRun("c"));
        QVERIFY(third > second.id);
        QCOMPARE(errorNameOf([&] { m_workspace->run(second.id); }), std::string("RunUnknown"));
    }

    void unknownRuns()
    {
        const auto points = makePoints(1, 1);
        QCOMPARE(errorNameOf([&] { m_workspace->run(7); }), std::string("RunUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->deleteRun(7); }), std::string("RunUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->appendCurve(7, "a", points); }), std::string("RunUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->checkpoint(7); }), std::string("RunUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->keepCheckpoint(7, 1, makeWeights(1)); }), std::string("RunUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->addVersion("m", 7, makeBundle(1), {}); }), std::string("RunUnknown"));
        QVERIFY(m_workspace->models().empty());
    }

    void curves()
    {
        const std::int64_t run = m_workspace->beginRun(makeRun("a"));
        const std::int64_t other = m_workspace->beginRun(makeRun("b"));
        m_workspace->appendCurve(run, "train/loss", makePoints(1, 1000));
        m_workspace->appendCurve(run, "train/loss", makePoints(1001, 500));
        m_workspace->appendCurve(other, "train/loss", makePoints(1, 3));
        const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
        const std::vector<CurvePoint> odd = {{1, 0.5, inf}, {2, 1.0, nan}, {3, 1.5, -1e-300}};
        m_workspace->appendCurve(run, "epoch/roc_auc", odd);
        m_workspace->appendCurve(run, "empty", {});

        QCOMPARE(m_workspace->curveNames(run), (std::vector<std::string>{"epoch/roc_auc", "train/loss"}));
        const std::vector<CurvePoint> loss = m_workspace->curve(run, "train/loss");
        QCOMPARE(loss.size(), std::size_t(1500));
        QCOMPARE(loss.back().step, std::int64_t(1500));
        QCOMPARE(loss.back().value, 750.0);
        QCOMPARE(loss.back().seconds, 15.0);
        const std::vector<CurvePoint> back = m_workspace->curve(run, "epoch/roc_auc");
        QCOMPARE(back.size(), std::size_t(3));
        QCOMPARE(back[0].value, inf);
        QVERIFY(std::isnan(back[1].value));
        QCOMPARE(back[2].value, -1e-300);
        QCOMPARE(m_workspace->curve(other, "train/loss").size(), std::size_t(3));
        QVERIFY(m_workspace->curve(run, "none").empty());
    }

    /// A model of what is promised, a map by step, against the store: pieces of any size, steps again, whole stretches again.
    void curvesEqualAMap()
    {
        Random random(5, "curves");
        const std::int64_t run = m_workspace->beginRun(makeRun("a"));
        std::map<std::int64_t, CurvePoint> expected;
        std::int64_t next = -3;
        for (int round = 0; round < 120; ++round) {
            std::vector<CurvePoint> points;
            std::int64_t step = next;
            if (round % 7 == 3)
                step = next - static_cast<std::int64_t>(random.below(3000));     // writes over what is there
            const std::uint64_t count = round % 10 == 0 ? 5000 : random.below(40);
            for (std::uint64_t i = 0; i < count; ++i) {
                const double value = round % 2 == 0 ? random.normal() : static_cast<double>(static_cast<float>(random.normal()));
                points.push_back({step, 0.1 * static_cast<double>(step) + random.uniform(), i % 50 == 7 ? std::nan("") : value});
                step += 1 + static_cast<std::int64_t>(random.below(3));
            }
            if (round % 5 == 4) { // in no order
                std::vector<CurvePoint> shuffled = points;
                random.shuffle(shuffled);
                points = shuffled;
            }
            m_workspace->appendCurve(run, "train/loss", points);
            for (const CurvePoint& point : points) {
                expected[point.step] = point;
                next = std::max(next, point.step + 1);
            }
            if (round % 30 == 20) { // goes on from an older checkpoint
                next -= static_cast<std::int64_t>(random.below(2000));
                m_workspace->truncateCurves(run, next - 1, 0);
                expected.erase(expected.lower_bound(next), expected.end());
            }
        }
        const auto same = [](const CurvePoint& a, const CurvePoint& b) {
            return a.step == b.step && a.seconds == b.seconds && (a.value == b.value || (std::isnan(a.value) && std::isnan(b.value)));
        };
        const std::vector<CurvePoint> all = m_workspace->curve(run, "train/loss");
        QCOMPARE(all.size(), expected.size());
        auto want = expected.begin();
        for (const CurvePoint& point : all)
            QVERIFY(same(point, (want++)->second));

        // The nodes are those of the points, and a part is that part.
        std::int64_t count = 0;
        for (const CurveNode& node : m_workspace->curveNodes(run, "train/loss")) {
            const std::vector<CurvePoint> part = m_workspace->curvePart(run, "train/loss", node.firstStep, node.lastStep);
            QCOMPARE(static_cast<std::int64_t>(part.size()), node.count);
            QVERIFY(part.size() <= CurvePyramid::blockPoints);
            double low = INFINITY, high = -INFINITY;
            for (const CurvePoint& point : part) {
                if (std::isfinite(point.value)) {
                    low = std::min(low, point.value);
                    high = std::max(high, point.value);
                }
            }
            QCOMPARE(node.low.value, low);
            QCOMPARE(node.high.value, high);
            count += node.count;
        }
        QCOMPARE(count, static_cast<std::int64_t>(expected.size()));
        const std::int64_t from = all[all.size() / 3].step + 1, to = all[all.size() / 2].step;
        const auto part = m_workspace->curvePart(run, "train/loss", from, to);
        QCOMPARE(part.front().step, expected.lower_bound(from)->first);
        QCOMPARE(part.back().step, to);
        QVERIFY(m_workspace->curvePart(run, "train/loss", next, next + 5).empty());
        QVERIFY(m_workspace->checkHealth().clean());
    }

    void truncateCurves()
    {
        const std::int64_t run = m_workspace->beginRun(makeRun("a"));
        m_workspace->appendCurves(run, {{"train/loss", makePoints(1, 2500)}, {"epoch/train_loss", makePoints(1, 25)}, {"late", makePoints(2000, 10)}});
        m_workspace->truncateCurves(run, 1500, 15);
        QCOMPARE(m_workspace->curve(run, "train/loss").back().step, std::int64_t(1500));
        QCOMPARE(m_workspace->curve(run, "train/loss").size(), std::size_t(1500));
        QCOMPARE(m_workspace->curve(run, "epoch/train_loss").size(), std::size_t(15));
        QVERIFY(m_workspace->curve(run, "late").empty());
        QCOMPARE(m_workspace->curveNames(run), (std::vector<std::string>{"epoch/train_loss", "train/loss"}));
        m_workspace->appendCurve(run, "train/loss", makePoints(1501, 1));
        QCOMPARE(m_workspace->curve(run, "train/loss").back().value, 750.5);
        QCOMPARE(errorNameOf([&] { m_workspace->truncateCurves(99, 1, 1); }), std::string("RunUnknown"));
    }

    void curvesAreSmall()
    {
        const std::int64_t run = m_workspace->beginRun(makeRun("a"));
        m_workspace->appendCurve(run, "train/loss", makePoints(1, 200'000));
        m_workspace = nullptr; // the log goes into the database
        const auto bytes = std::filesystem::file_size(workspaceIn(m_dir) / "limpid.db");
        QVERIFY2(bytes < 20 * 200'000, std::to_string(bytes).c_str());
    }

    void checkpointsReplaceOneAnother()
    {
        const std::int64_t run = m_workspace->beginRun(makeRun("a"));
        QVERIFY(!m_workspace->checkpoint(run));
        for (int epoch = 1; epoch <= 5; ++epoch)
            m_workspace->keepCheckpoint(run, epoch, makeWeights(static_cast<float>(epoch)));
        QVERIFY(m_workspace->checkpoint(run) == makeWeights(5));
        QCOMPARE(m_workspace->run(run).bestEpoch, 5);
        const StoreHealth health = m_workspace->checkHealth();
        QVERIFY(health.clean());
        QCOMPARE(health.blobs, std::size_t(1)); // what nobody can ask for any more is not kept
    }

    void deleteRun()
    {
        RunRecord run = makeRun("a");
        run.id = m_workspace->beginRun(run);
        m_workspace->appendCurve(run.id, "train/loss", makePoints(1, 10));
        m_workspace->keepCheckpoint(run.id, 1, makeWeights(1));
        QCOMPARE(errorNameOf([&] { m_workspace->deleteRun(run.id); }), std::string("RunActive")); // it runs
        run.status = RunStatus::Finished;
        m_workspace->endRun(run);
        RunRecord withModel = makeRun("b");
        withModel.id = m_workspace->beginRun(withModel);
        m_workspace->addVersion("b", withModel.id, makeBundle(1), {});
        withModel.status = RunStatus::Finished;
        m_workspace->endRun(withModel);
        QCOMPARE(errorNameOf([&] { m_workspace->deleteRun(withModel.id); }), std::string("RunActive"));

        m_workspace->setValue("run/" + std::to_string(run.id) + "/picture", 1);
        m_workspace->setValue("run/" + std::to_string(withModel.id) + "/picture", 2);
        m_workspace->deleteRun(run.id);
        QVERIFY(m_workspace->value("run/" + std::to_string(run.id) + "/picture").is_null());
        QVERIFY(m_workspace->value("run/" + std::to_string(withModel.id) + "/picture") == 2);
        QCOMPARE(m_workspace->runs().size(), std::size_t(1));
        QVERIFY(m_workspace->curve(run.id, "train/loss").empty());
        QVERIFY(m_workspace->checkHealth().clean());
    }

    void versions()
    {
        const std::int64_t run = m_workspace->beginRun(makeRun("iris"));
        const ModelVersion first = m_workspace->addVersion("iris", run, makeBundle(1), {{"validation", {{"accuracy", 0.9}}}});
        const ModelVersion second = m_workspace->addVersion("iris", 0, makeBundle(2), {});
        m_workspace->addVersion("adult", 0, makeBundle(3), {});
        QCOMPARE(first.version, 1);
        QCOMPARE(second.version, 2);

        const std::vector<ModelSummary> models = m_workspace->models();
        QCOMPARE(models.size(), std::size_t(2));
        QCOMPARE(models[1].name, std::string("iris"));
        QCOMPARE(models[1].versions.front().version, 2); // newest first
        QCOMPARE(models[1].versions.back().run, run);
        QVERIFY(models[1].versions.back().metrics == first.metrics);

        const Bundle back = m_workspace->loadBundle(first);
        QVERIFY(back.weights == makeBundle(1).weights);
        QVERIFY(back.network == makeBundle(1).network);
        QVERIFY(m_workspace->loadNetwork(first) == back.network);
        QVERIFY(back.pipeline.toJson() == makeBundle(1).pipeline.toJson());
        QVERIFY(m_workspace->loadPipeline(first).toJson() == back.pipeline.toJson());
        QCOMPARE(back.about.at("name").get<std::string>(), std::string("iris"));
        QCOMPARE(back.about.at("version").get<int>(), 1);
        const StoreHealth health = m_workspace->checkHealth();
        QVERIFY(health.clean());
        QCOMPARE(health.versions, std::size_t(3));
        QCOMPARE(health.unreferencedBlobs, std::size_t(0));
    }

    void resolves_data()
    {
        QTest::addColumn<QString>("reference");
        QTest::addColumn<QString>("found"); // model@version or an error's name
        QTest::newRow("newest") << "iris" << "iris@2";
        QTest::newRow("version") << "iris@1" << "iris@1";
        QTest::newRow("alias") << "iris@champion" << "iris@1";
        QTest::newRow("run") << "run:1" << "iris@1";
        QTest::newRow("no such model") << "irs" << "ModelUnknown iris";
        QTest::newRow("no such version") << "iris@3" << "VersionUnknown 3";
        QTest::newRow("no such alias") << "iris@challenger" << "AliasUnknown challenger";
        QTest::newRow("no such run") << "run:9" << "RunUnknown 9";
        QTest::newRow("not a run") << "run:x" << "RunUnknown x";
        QTest::newRow("run without model") << "run:2" << "VersionUnknown run:2";
        QTest::newRow("empty") << "" << "ModelUnknown ";
        QTest::newRow("empty alias") << "iris@" << "AliasUnknown ";
    }

    void resolves()
    {
        QFETCH(QString, reference);
        QFETCH(QString, found);
        const std::int64_t run = m_workspace->beginRun(makeRun("iris"));
        m_workspace->addVersion("iris", run, makeBundle(1), {});
        m_workspace->addVersion("iris", 0, makeBundle(2), {});
        m_workspace->setAlias("iris", "champion", 1);
        m_workspace->beginRun(makeRun("other"));
        std::string got;
        try {
            const ModelVersion version = m_workspace->resolve(reference.toStdString());
            got = version.model + "@" + std::to_string(version.version);
        } catch (const Error& error) {
            got = std::string(errorName(error.code())) + " ";
            for (const char* name : {"nearest", "version", "alias", "run"})
                got += fact(error.facts(), name);
        }
        QCOMPARE(QString::fromStdString(got), found);
    }

    void aliasesMove()
    {
        m_workspace->addVersion("iris", 0, makeBundle(1), {});
        m_workspace->addVersion("iris", 0, makeBundle(2), {});
        m_workspace->setAlias("iris", "champion", 1);
        m_workspace->setAlias("iris", "best", 1);
        QCOMPARE(m_workspace->resolve("iris@1").aliases, (std::vector<std::string>{"best", "champion"}));
        m_workspace->setAlias("iris", "champion", 2);
        QCOMPARE(m_workspace->resolve("iris@champion").version, 2);
        QCOMPARE(m_workspace->resolve("iris@1").aliases, std::vector<std::string>{"best"});
        m_workspace->removeAlias("iris", "best");
        QCOMPARE(errorNameOf([&] { m_workspace->removeAlias("iris", "best"); }), std::string("AliasUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->setAlias("iris", "x", 9); }), std::string("VersionUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->setAlias("none", "x", 1); }), std::string("ModelUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->setAlias("iris", "12", 1); }), std::string("NameInvalid"));
        QCOMPARE(errorNameOf([&] { m_workspace->setAlias("iris", "a b", 1); }), std::string("NameInvalid"));
    }

    void names_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("good");
        QTest::newRow("usual") << QByteArray("iris_v-2.0") << true;
        QTest::newRow("longest") << QByteArray(100, 'a') << true;
        QTest::newRow("too long") << QByteArray(101, 'a') << false;
        QTest::newRow("empty") << QByteArray("") << false;
        QTest::newRow("at") << QByteArray("a@b") << false;
        QTest::newRow("space") << QByteArray("a b") << false;
        QTest::newRow("slash") << QByteArray("../a") << false;
        QTest::newRow("beyond ASCII") << QByteArray("mod\xc3\xa8le") << false;
    }

    void names()
    {
        QFETCH(QByteArray, name);
        QFETCH(bool, good);
        const auto add = [&] { m_workspace->addVersion(name.toStdString(), 0, makeBundle(1), {}); };
        QCOMPARE(errorNameOf(add), std::string(good ? "(no error)" : "NameInvalid"));
        QCOMPARE(m_workspace->models().size(), std::size_t(good ? 1 : 0));
    }

    void valuesAreKept()
    {
        QVERIFY(m_workspace->value("view").is_null());
        m_workspace->setValue("view", {{"theme", "dark"}, {"widths", {1, 2, 3}}});
        m_workspace->setValue("view", {{"theme", "light"}});
        m_workspace = nullptr;
        m_workspace = std::make_unique<Workspace>(workspaceIn(m_dir));
        QVERIFY(m_workspace->value("view") == (json{{"theme", "light"}}));
    }

    void bytesThatAreNoUtf8DoNotStopARun()
    {
        RunRecord run = makeRun("a");
        run.data = {{"path", "/data/caf\xe9.csv"}};
        run.id = m_workspace->beginRun(run);
        QVERIFY(m_workspace->run(run.id).data.at("path").get<std::string>().starts_with("/data/caf"));
    }

    void manyThreadsAtOnce()
    {
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                const std::string name = "m" + std::to_string(t);
                RunRecord run = makeRun(name);
                run.id = m_workspace->beginRun(run);
                for (int i = 0; i < 10; ++i) {
                    m_workspace->appendCurve(run.id, "train/loss", makePoints(1 + i * 100, 100));
                    m_workspace->keepCheckpoint(run.id, i + 1, makeWeights(static_cast<float>(i)));
                    m_workspace->runs();
                }
                m_workspace->addVersion(name, run.id, makeBundle(static_cast<float>(t)), {});
                run.status = RunStatus::Finished;
                m_workspace->endRun(run);
            });
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(m_workspace->checkHealth().clean());
        QCOMPARE(m_workspace->models().size(), std::size_t(4));
        for (const RunRecord& run : m_workspace->runs())
            QCOMPARE(m_workspace->curve(run.id, "train/loss").size(), std::size_t(1000));
    }
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
