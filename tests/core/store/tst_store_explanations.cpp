#include "core/base/File.h"
#include "core/base/Hash.h"
#include "tests/core/store/StoreSupport.h"
#include "tests/support/TestSupport.h"

#include <algorithm>
#include <fstream>

using namespace limpid;
using namespace limpid::test;
using nlohmann::json;

class TestStoreExplanations : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;
    ModelVersion m_version;

    std::filesystem::path blobOf(const std::string& hash) const
    {
        return workspaceIn(m_dir) / "blobs" / hash.substr(0, 2) / hash.substr(2);
    }

private slots:
    void init()
    {
        std::filesystem::remove_all(workspaceIn(m_dir));
        m_workspace = std::make_unique<Workspace>(workspaceIn(m_dir));
        m_version = m_workspace->addVersion("iris", 0, makeBundle(1), {});
    }

    void isThereAfterOpeningAgain()
    {
        const json settings{{"method", "leverage"}, {"seed", 7}};
        const std::string document("\x00\xff any bytes", 12);
        const ExplanationRecord kept = m_workspace->keepExplanation(m_version, settings, document);
        m_workspace = nullptr;
        m_workspace = std::make_unique<Workspace>(workspaceIn(m_dir));
        const std::vector<ExplanationRecord> all = m_workspace->explanations();
        QCOMPARE(all.size(), std::size_t(1));
        const ExplanationRecord& found = all.front();
        QCOMPARE(found.id, kept.id);
        QCOMPARE(found.model, std::string("iris"));
        QCOMPARE(found.version, 1);
        QVERIFY(found.createdMs > 1'600'000'000'000);
        QVERIFY(found.settings == settings);
        QCOMPARE(found.modelHash, m_workspace->modelHash(m_version));
        QCOMPARE(found.documentHash, sha256(document));
        QCOMPARE(m_workspace->explanationDocument(found), document);
        QVERIFY(m_workspace->checkHealth().clean());
        QCOMPARE(m_workspace->checkHealth().unreferencedBlobs, std::size_t(0));
    }

    void sameQuestionTakesThePlaceOfItsAnswer()
    {
        const json settings{{"method", "leverage"}};
        const ExplanationRecord first = m_workspace->keepExplanation(m_version, settings, "one");
        const ExplanationRecord other = m_workspace->keepExplanation(m_version, {{"method", "exact"}}, "other");
        const ExplanationRecord second = m_workspace->keepExplanation(m_version, settings, "two");
        QCOMPARE(second.id, first.id);
        QCOMPARE(m_workspace->explanations().size(), std::size_t(2));
        QCOMPARE(m_workspace->explanationDocument(m_workspace->explanation(first.id)), std::string("two"));
        QCOMPARE(m_workspace->explanationDocument(other), std::string("other"));
        QVERIFY(!std::filesystem::exists(blobOf(first.documentHash)));
        // One document of two questions stays as long as one of them needs it.
        const ExplanationRecord shared = m_workspace->keepExplanation(m_version, {{"method", "kernel"}}, "other");
        m_workspace->deleteExplanation(other.id);
        QCOMPARE(m_workspace->explanationDocument(shared), std::string("other"));
    }

    void newestFirstAndOfItsVersion()
    {
        const ModelVersion next = m_workspace->addVersion("iris", 0, makeBundle(2), {});
        const ExplanationRecord a = m_workspace->keepExplanation(m_version, {{"seed", 1}}, "a");
        const ExplanationRecord b = m_workspace->keepExplanation(next, {{"seed", 1}}, "b");
        QVERIFY(a.id != b.id);
        QVERIFY(a.modelHash != b.modelHash);
        const std::vector<ExplanationRecord> all = m_workspace->explanations();
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all.front().version, 2);
        QCOMPARE(all.back().version, 1);
    }

    void deletedIsGoneAndItsNumberNeverComesAgain()
    {
        const ExplanationRecord kept = m_workspace->keepExplanation(m_version, {{"seed", 1}}, "a");
        m_workspace->deleteExplanation(kept.id);
        QVERIFY(m_workspace->explanations().empty());
        QVERIFY(!std::filesystem::exists(blobOf(kept.documentHash)));
        QCOMPARE(errorNameOf([&] { m_workspace->explanation(kept.id); }), std::string("ExplanationUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->deleteExplanation(kept.id); }), std::string("ExplanationUnknown"));
        QVERIFY(m_workspace->keepExplanation(m_version, {{"seed", 1}}, "a").id > kept.id);
    }

    void thoseKeptByThemselvesMakeRoom()
    {
        const ModelVersion next = m_workspace->addVersion("iris", 0, makeBundle(2), {});
        const ModelVersion other = m_workspace->addVersion("rose", 0, makeBundle(3), {});
        const ExplanationRecord asked = m_workspace->keepExplanation(m_version, {{"seed", -1}}, "asked");
        const ExplanationRecord named = m_workspace->keepExplanation(m_version, {{"seed", -2}}, "named", Keeping::Automatic);
        QVERIFY(named.automatic && !asked.automatic);
        m_workspace->nameExplanation(named.id, "the first");
        const ExplanationRecord foreign = m_workspace->keepExplanation(other, {{"seed", -3}}, "foreign", Keeping::Automatic);
        std::vector<ExplanationRecord> made;
        for (std::size_t i = 0; i < mostAutomaticExplanations + 3; ++i) // of two versions, in turn
            made.push_back(m_workspace->keepExplanation(i % 2 ? m_version : next, {{"seed", i}}, "document " + std::to_string(i), Keeping::Automatic));
        const std::vector<ExplanationRecord> all = m_workspace->explanations();
        QCOMPARE(all.size(), mostAutomaticExplanations + 3);
        for (std::size_t i = 0; i < made.size(); ++i) {
            const bool there = std::any_of(all.begin(), all.end(), [&](const ExplanationRecord& one) { return one.id == made[i].id; });
            QCOMPARE(there, i >= 3);
            QCOMPARE(std::filesystem::exists(blobOf(made[i].documentHash)), i >= 3);
        }
        QCOMPARE(m_workspace->explanation(named.id).name, std::string("the first"));
        QVERIFY(!m_workspace->explanation(named.id).automatic);
        QVERIFY(m_workspace->explanation(foreign.id).automatic && !m_workspace->explanation(asked.id).automatic);
        QVERIFY(m_workspace->checkHealth().clean());
        QCOMPARE(m_workspace->checkHealth().unreferencedBlobs, std::size_t(0));
    }

    void askedForOnceItStays()
    {
        const json settings{{"seed", 1}};
        const ExplanationRecord first = m_workspace->keepExplanation(m_version, settings, "a", Keeping::Automatic);
        QVERIFY(first.automatic);
        QVERIFY(!m_workspace->keepExplanation(m_version, settings, "a").automatic);
        QVERIFY(!m_workspace->keepExplanation(m_version, settings, "b", Keeping::Automatic).automatic);
        QCOMPARE(m_workspace->explanation(first.id).documentBytes, std::uint64_t(1));
        QCOMPARE(errorNameOf([&] { m_workspace->nameExplanation(99, "x"); }), std::string("ExplanationUnknown"));
    }

    void deletedComesBack()
    {
        const ExplanationRecord kept = m_workspace->keepExplanation(m_version, {{"seed", 1}}, "document");
        m_workspace->nameExplanation(kept.id, "mine");
        const ExplanationRecord before = m_workspace->explanation(kept.id);
        m_workspace->deleteExplanation(kept.id);
        m_workspace->restoreExplanation(before, "document");
        const ExplanationRecord after = m_workspace->explanation(kept.id);
        QCOMPARE(after.name, std::string("mine"));
        QCOMPARE(after.createdMs, before.createdMs);
        QCOMPARE(m_workspace->explanationDocument(after), std::string("document"));
        // Where the question was answered again meanwhile the newer answer stays.
        m_workspace->deleteExplanation(kept.id);
        const ExplanationRecord newer = m_workspace->keepExplanation(m_version, {{"seed", 1}}, "newer");
        m_workspace->restoreExplanation(before, "document");
        QCOMPARE(m_workspace->explanations().size(), std::size_t(1));
        QCOMPARE(m_workspace->explanationDocument(m_workspace->explanation(newer.id)), std::string("newer"));
    }

    void needsAVersionThatIsThere()
    {
        QCOMPARE(errorNameOf([&] { m_workspace->keepExplanation({"iris", 9, 0, 0, {}, {}, {}}, {}, "a"); }), std::string("VersionUnknown"));
        QCOMPARE(errorNameOf([&] { m_workspace->keepExplanation({"rose", 1, 0, 0, {}, {}, {}}, {}, "a"); }), std::string("ModelUnknown"));
        QVERIFY(m_workspace->explanations().empty());
    }

    void damageIsFoundAndTold()
    {
        const ExplanationRecord kept = m_workspace->keepExplanation(m_version, {}, "document");
        std::ofstream(blobOf(kept.documentHash), std::ios::binary) << "documenT";
        QCOMPARE(errorNameOf([&] { m_workspace->explanationDocument(kept); }), std::string("BlobDamaged"));
        const StoreHealth health = m_workspace->checkHealth();
        QCOMPARE(health.issues.size(), std::size_t(1));
        QCOMPARE(health.issues.front().where, "explanation:" + std::to_string(kept.id));
        std::filesystem::remove(blobOf(kept.documentHash));
        QCOMPARE(errorNameOf([&] { m_workspace->explanationDocument(kept); }), std::string("BlobMissing"));
    }
};

QTEST_GUILESS_MAIN(TestStoreExplanations)
#include "tst_store_explanations.moc"
