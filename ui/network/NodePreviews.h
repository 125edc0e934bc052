#pragma once

#include "core/workbench/NetworkPreview.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace limpid {

class Session;

/// Finds out, while it is on, what each layer of the network that is planned gives for a batch of training rows: on a worker,
/// shortly after the last edit, with the weights of the newest run of this very network or, where there is none, first ones.
class NodePreviews : public QObject
{
    Q_OBJECT
public:
    explicit NodePreviews(Session& session, QObject* parent = nullptr);
    ~NodePreviews() override;

    bool isOn() const { return m_on; }
    void setOn(bool on);
    /// The newest; null while there is none.
    const std::shared_ptr<const NetworkPreview>& preview() const { return m_preview; }
    /// Whether it is of this network, wherever its nodes stand, as the session is set up now.
    bool isOf(const NetworkSpec& network) const;
    /// What is shown and where it comes from, or why nothing is.
    QString text() const;

signals:
    void changed();

private:
    /// All that the answer depends on.
    struct Question {
        NetworkSpec network;
        PipelineSpec pipeline;
        SplitSpec split;
        std::uint64_t seed = 0;
        std::vector<std::int64_t> runs;   ///< that may have trained it, newest first
        bool operator==(const Question& other) const;
    };
    void refresh();
    void restart();
    void compute();
    void stop();
    void forget();
    std::vector<std::int64_t> candidates(const DataSet& data) const;

    Session& m_session;
    QTimer m_timer;                          ///< since the last edit
    bool m_on = false;
    std::uint64_t m_job = 0;                 ///< 0: none
    std::optional<Question> m_wanted;        ///< to be answered; nothing where the network can't be computed
    bool m_answered = false;                 ///< m_preview or m_problem is the answer to it
    std::shared_ptr<const NetworkPreview> m_preview;
    QString m_problem;
};

} // namespace limpid
